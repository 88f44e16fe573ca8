/** Every route of the API with the services behind it; what the server mounts and the feed asks. */
import type { Redis } from 'ioredis'
import type { OutboxDispatcher } from '#db/outbox-dispatcher'
import type { UnitOfWork } from '#db/unit-of-work'
import { createOpenApi } from '#contract/openapi'
import { OPERATIONS } from '#contract/operations'
import type { Clock } from '#runtime/clock'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { WorkflowCommands } from '#temporal/client'
import { replayDeadLetter } from '../ingest/replay'
import type { Authenticator } from '../middleware/authenticate'
import type { Route } from '../middleware/call'
import { createRateLimiter, type RateLimiter } from '../middleware/rate-limiter'
import { createAuth, type AuthSettings } from './auth/create-auth'
import { createSocketIdentities, type SocketIdentities } from './auth/socket-identities'
import { createDeadLetterRoutes } from './dead-letters/routes'
import { createDeadLetterService, type DeadLetterServiceDeps } from './dead-letters/service'
import { createDeviceRoutes } from './devices/routes'
import { createDeviceService } from './devices/service'
import { createDocumentRoutes, type DocumentRoutesDeps } from './documents/routes'
import { createCancel } from './downlinks/cancel'
import { createDownlinkRoutes } from './downlinks/routes'
import { createDownlinkService } from './downlinks/service'
import { createGatewayRoutes } from './gateways/routes'
import { createGatewayService } from './gateways/service'
import { createCommands } from './shared/commands'
import { createLists } from './shared/lists'
import { createReads } from './shared/reads'
import { createTenantBudgets } from './shared/tenant-budgets'
import { createSiteRoutes } from './sites/routes'
import { createSiteService } from './sites/service'
import { createExplainRoutes } from './space-explain/routes'
import { createExplainService } from './space-explain/service'
import { createSpaceRoutes } from './spaces/routes'
import { createSpaceService } from './spaces/service'
import { createSpaceCommand } from './spaces/space-command'

export interface RouteDeps {
  readonly settings: AuthSettings
  readonly unitOfWork: UnitOfWork
  readonly redis: Redis
  /** In subscriber mode; shared with nobody but the standings. */
  readonly subscriber: Redis
  /** Publishes and signals what a commit left. */
  readonly dispatcher: OutboxDispatcher
  /** People's commands, answered by workflows. */
  readonly workflows: Pick<WorkflowCommands, 'cancelCommand'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn' | 'debug'>
  readonly metrics: Pick<Metrics, 'authFailures' | 'redisErrors' | 'rateLimitRejections'>
  readonly documents: Omit<DocumentRoutesDeps, 'openApi'>
  readonly version: string
}

export interface Api {
  readonly routes: readonly Route[]
  readonly authenticator: Authenticator
  readonly limiter: RateLimiter
  readonly sockets: SocketIdentities
  close(): void
}

export function createRoutes(deps: RouteDeps): Api {
  const { settings, unitOfWork, redis, log, metrics, clock, dispatcher } = deps
  const now = () => clock.now()
  const budgets = createTenantBudgets({ unitOfWork, now })
  const limiter = createRateLimiter({ redis, isEnabled: settings.rateLimitEnabled, budgetOf: budgets.allowanceOf, log, metrics })
  const lists = createLists({ secret: settings.jwtSecret, now })
  const reads = createReads(unitOfWork)
  const commands = createCommands({ unitOfWork, settle: dispatcher.settle })
  const rateLimitOf = async (tenantId: string) => (await budgets.allowanceOf(tenantId)).downlinksPerMinute
  const downlinks = createDownlinkService({ reads, rateLimitOf })
  const auth = createAuth({ ...deps, now, limiter, lists })
  return {
    routes: [
      ...auth.routes,
      ...createSiteRoutes({ service: createSiteService({ reads }), lists, now }),
      ...createSpaceRoutes({ service: createSpaceService({ reads }), run: createSpaceCommand({ commands, reads }), lists }),
      ...createExplainRoutes({ service: createExplainService({ reads }), lists }),
      ...createDeviceRoutes({ service: createDeviceService({ reads }), lists }),
      ...createGatewayRoutes({ service: createGatewayService({ reads }), lists }),
      ...createDownlinkRoutes({
        service: downlinks,
        cancel: createCancel({ unitOfWork, commands, reads, workflows: deps.workflows }),
        lists,
      }),
      ...createDeadLetterRoutes({ service: createDeadLetterService({ reads, commands, replay: replayOf(deps) }), lists }),
      ...createDocumentRoutes({ ...deps.documents, openApi: createOpenApi(OPERATIONS, { version: deps.version }) }),
    ],
    authenticator: auth.authenticator,
    limiter,
    sockets: createSocketIdentities({ ...auth, budgets, reads }),
    close: () => auth.standings.close(),
  }
}

/** A dead letter takes ingest's own path again. */
function replayOf({ unitOfWork, dispatcher, settings, clock, log }: RouteDeps): DeadLetterServiceDeps['replay'] {
  const { platformTenantId } = settings
  return (scope, deadLetterId) => replayDeadLetter({ unitOfWork, dispatcher, platformTenantId, clock, log }, scope, deadLetterId)
}
