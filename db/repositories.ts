/**
 * Which repositories a unit of work hands out. A repository is a function of its transaction; it is made when first used.
 * To add one: write `repositories/<name>.repository.ts` and add a line to the list of each door that may use it.
 */
import { createAlertRepository } from './repositories/alert.repository'
import { createAuditRepository } from './repositories/audit.repository'
import { createDeadLetterIntakeRepository, createDeadLetterRepository } from './repositories/dead-letter.repository'
import { createDisplayStateRepository } from './repositories/display-state.repository'
import { createDownlinkAttemptRepository } from './repositories/downlink-attempt.repository'
import { createDownlinkBudgetRepository } from './repositories/downlink-budget.repository'
import { createDownlinkRepository } from './repositories/downlink.repository'
import { createGatewayStateRepository } from './repositories/gateway-state.repository'
import { createLightFeedRepository } from './repositories/light-feed.repository'
import { createIdempotencyRepository } from './repositories/idempotency.repository'
import { createIngestCursorRepository } from './repositories/ingest-cursor.repository'
import { createIngestDriftRepository } from './repositories/ingest-drift.repository'
import { createIngestEventRepository } from './repositories/ingest-event.repository'
import { createIngestOutboxRepository } from './repositories/ingest-outbox.repository'
import { createIngestReadingRepository } from './repositories/ingest-reading.repository'
import { createIngestReceptionRepository } from './repositories/ingest-reception.repository'
import { createIngestRegistryRepository } from './repositories/ingest-registry.repository'
import { createListenerLeaseRepository } from './repositories/listener-lease.repository'
import { createLookupRepository } from './repositories/lookup.repository'
import { createOrphanRepository } from './repositories/orphan.repository'
import { createOutboxRepository } from './repositories/outbox.repository'
import { createPendingOutboxRepository } from './repositories/pending-outbox.repository'
import { createProjectionWritesRepository } from './repositories/projection-writes.repository'
import { createOverrideRepository } from './repositories/override.repository'
import { createProjectionRepository } from './repositories/projection.repository'
import { createSessionRepository } from './repositories/session.repository'
import { createSiteRepository } from './repositories/site.repository'
import { createSpaceRepository } from './repositories/space.repository'
import { createStayRepository } from './repositories/stay.repository'
import { createSweepRepository } from './repositories/sweep.repository'
import { createTenantRepository } from './repositories/tenant.repository'
import { createTransitionNoticeRepository } from './repositories/transition-notice.repository'
import { createUserRepository } from './repositories/user.repository'
import { createTransitionRepository } from './repositories/transition.repository'
import { createTimelineRepository } from './repositories/timeline.repository'
import { createDownlinkReadRepository } from './repositories/downlink-read.repository'
import { createDeviceRepository } from './repositories/device.repository'
import { createReadingRepository } from './repositories/reading.repository'
import { createGatewayRepository } from './repositories/gateway.repository'
import { createDownlinkStatsRepository } from './repositories/downlink-stats.repository'
import { createDownlinkCancelRepository } from './repositories/downlink-cancel.repository'
import { createDeadLetterReadRepository } from './repositories/dead-letter-read.repository'
import { createDeadLetterDiscardRepository } from './repositories/dead-letter-read.repository'
import { createSpaceGridRepository } from './repositories/space-grid.repository'
import { createExplanationRepository } from './repositories/explanation.repository'
import type { TenantTx, Tx } from './tx'

type Factories<T extends Tx> = Readonly<Record<string, (tx: T) => object>>
type Bound<F> = { readonly [K in keyof F]: F[K] extends (tx: never) => infer R ? R : never }

const tenantFactories = {
  explanations: createExplanationRepository,
  spaceGrid: createSpaceGridRepository,
  deadLetterDiscards: createDeadLetterDiscardRepository,
  deadLetterReads: createDeadLetterReadRepository,
  downlinkCancels: createDownlinkCancelRepository,
  downlinkStats: createDownlinkStatsRepository,
  gateways: createGatewayRepository,
  readings: createReadingRepository,
  devices: createDeviceRepository,
  downlinkReads: createDownlinkReadRepository,
  timeline: createTimelineRepository,
  transitions: createTransitionRepository,
  alerts: createAlertRepository,
  audit: createAuditRepository,
  deadLetters: createDeadLetterRepository,
  displayStates: createDisplayStateRepository,
  downlinkAttempts: createDownlinkAttemptRepository,
  downlinkBudget: createDownlinkBudgetRepository,
  downlinks: createDownlinkRepository,
  gatewayStates: createGatewayStateRepository,
  lightFeed: createLightFeedRepository,
  idempotency: createIdempotencyRepository,
  outbox: createOutboxRepository,
  overrides: createOverrideRepository,
  projection: createProjectionRepository,
  projectionWrites: createProjectionWritesRepository,
  sessions: createSessionRepository,
  sites: createSiteRepository,
  spaces: createSpaceRepository,
  stays: createStayRepository,
  sweep: createSweepRepository,
  tenant: createTenantRepository,
  transitionNotices: createTransitionNoticeRepository,
  users: createUserRepository,
} as const satisfies Factories<TenantTx>
const platformFactories = {
  explanations: createExplanationRepository,
  spaceGrid: createSpaceGridRepository,
  deadLetterReads: createDeadLetterReadRepository,
  downlinkStats: createDownlinkStatsRepository,
  gateways: createGatewayRepository,
  readings: createReadingRepository,
  devices: createDeviceRepository,
  downlinkReads: createDownlinkReadRepository,
  timeline: createTimelineRepository,
  transitions: createTransitionRepository,
  sites: createSiteRepository,
  spaces: createSpaceRepository,
} as const satisfies Factories<Tx>
const ingestFactories = {
  cursors: createIngestCursorRepository,
  deadLetters: createDeadLetterIntakeRepository,
  drift: createIngestDriftRepository,
  events: createIngestEventRepository,
  orphans: createOrphanRepository,
  outbox: createIngestOutboxRepository,
  readings: createIngestReadingRepository,
  receptions: createIngestReceptionRepository,
  registry: createIngestRegistryRepository,
} as const satisfies Factories<Tx>
const lookupFactories = {
  listenerLeases: createListenerLeaseRepository,
  lookup: createLookupRepository,
  pendingOutbox: createPendingOutboxRepository,
} as const satisfies Factories<Tx>

export type TenantRepositories = Bound<typeof tenantFactories>
export type PlatformRepositories = Bound<typeof platformFactories>
export type IngestRepositories = Bound<typeof ingestFactories>
export type Lookups = Bound<typeof lookupFactories>

/** Makes an object whose members build their repository at first use, so that a transaction pays only for what it uses. */
function binder<T extends Tx, F extends Factories<T>>(factories: F): (tx: T) => Bound<F> {
  return (tx) => {
    const bound = {}
    for (const [name, create] of Object.entries(factories)) {
      let made: object | undefined
      Object.defineProperty(bound, name, { enumerable: true, get: () => (made ??= create(tx)) })
    }
    return bound as Bound<F> // each key of F was defined just above
  }
}

export const bindTenant = binder<TenantTx, typeof tenantFactories>(tenantFactories)
export const bindPlatform = binder<Tx, typeof platformFactories>(platformFactories)
export const bindIngest = binder<Tx, typeof ingestFactories>(ingestFactories)
export const bindLookups = binder<Tx, typeof lookupFactories>(lookupFactories)
