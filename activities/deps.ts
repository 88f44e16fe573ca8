/** What effects are made of; each is an argument, so that tests bring their own (H-63). */
import type { Origin } from '#domain/authorization/principal'
import type { EventPublisher } from '#db/events'
import type { OutboxDispatcher } from '#db/outbox-dispatcher'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Logger } from '#runtime/logger'
import type { DisplayTeller } from '#temporal/client'
import type { ActivityMetrics } from './metrics'
import type { NetworkServer } from './network-server'

/** The repositories of one tenant's transaction. */
export type TenantRepositories = Parameters<Parameters<UnitOfWork['withTenant']>[1]>[0]

export interface ActivityDeps {
  readonly unitOfWork: UnitOfWork
  readonly publisher: EventPublisher
  readonly dispatcher: OutboxDispatcher
  readonly teller: DisplayTeller
  readonly networkServer: NetworkServer
  readonly metrics: ActivityMetrics
  /** The tenant whose link the installation's network-server token is. */
  readonly platformTenantId: string
  /** Region of the lights' network, for airtime (DOM-645), unless a device says otherwise. */
  readonly region: string
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  /** The workflow and run on whose behalf an effect happens, for transitions, commands and audit rows (D-16). */
  readonly origin: () => Origin
}
