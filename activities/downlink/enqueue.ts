/** Hands one attempt to the network server, and finds out what became of it when the answer does not say (DOM-612, 620, 621, 624, LW-051…054). */
import type { AttemptRow, CommandRow } from '#domain/display/light-rows'
import type { EnqueueResult } from '#domain/display/light-settles'
import type { NetworkEvent } from '#domain/shared/outbox'
import type { AttemptRef, DeliveryNetworkPort } from '#workflows/display-delivery/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { NetworkServerError, type NewQueueItem } from '../network-server'
import { createReadBack } from './read-back'
import { ttlMsOf } from './light-facts'

type EnqueueInput = Parameters<DeliveryNetworkPort['enqueue']>[0]

export interface EnqueueTimes {
  /** How long a `txack` that nobody owns is waited for (DOM-620). */
  readonly inflightWaitMs: number
  readonly pollMs: number
}

const TIMES: EnqueueTimes = { inflightWaitMs: 8_000, pollMs: 250 }
const LOST_BEFORE: EnqueueResult = { result: 'permanent', code: 'downlink.rejected' }

export function createEnqueue(deps: ActivityDeps, times: EnqueueTimes = TIMES): DeliveryNetworkPort['enqueue'] {
  const readBack = createReadBack(deps, times)
  return async (input) => {
    const begun = await begin(deps, input)
    if (begun === null) return LOST_BEFORE
    const { command, attempt, mayBeQueued } = begun
    if (!input.isRepeat && attempt.queueItemId !== null) return accept(deps, input, { command, attempt, queueItemId: attempt.queueItemId })
    const item = itemOf(command, attempt)
    const outcome = mayBeQueued ? await readBack(input, item, attempt) : await send(deps, item)
    const settled = outcome.kind === 'ambiguous' ? await readBack(input, item, attempt) : outcome
    return conclude(deps, input, { command, attempt, outcome: settled })
  }
}

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly queueItemId: string }
  | { readonly kind: 'refused' | 'absent' | 'unavailable' | 'ambiguous' | 'lost'; readonly code: string }

interface Begun {
  readonly command: CommandRow
  readonly attempt: AttemptRow
  /** An earlier call of this attempt has no known answer. */
  readonly mayBeQueued: boolean
}

/** Null: the command is no longer to be sent. */
function begin({ unitOfWork }: ActivityDeps, input: EnqueueInput): Promise<Begun | null> {
  return unitOfWork.withTenant({ tenantId: input.tenantId }, async (repositories) => {
    const command = await repositories.downlinks.find(input.commandId)
    const attempt = await repositories.downlinkAttempts.find(input)
    if (command === null || attempt === null) return null
    if (input.isRepeat) return command.status === 'sent' ? { command, attempt, mayBeQueued: false } : null
    if (attempt.queueItemId !== null) return { command, attempt, mayBeQueued: false }
    if (command.status !== 'queued') return null
    if (attempt.enqueuedAt !== null) return { command, attempt, mayBeQueued: true }
    const begun = await beginAttempt(repositories, input)
    return begun && { command, attempt: begun, mayBeQueued: false }
  })
}

async function beginAttempt({ displayStates, downlinkAttempts }: TenantRepositories, input: EnqueueInput): Promise<AttemptRow | null> {
  const config = (await displayStates.find(input.deviceId))?.config ?? {}
  return downlinkAttempts.begin(input, { deviceId: input.deviceId, at: input.now, expiresAt: input.now + ttlMsOf(config) })
}

const itemOf = (command: CommandRow, attempt: AttemptRow): NewQueueItem => ({
  devEui: command.devEui,
  fPort: command.fPort,
  payloadHex: command.payload,
  confirmed: command.confirmed,
  expiresAt: attempt.fingerprintExpiresAt,
})

/** One call, and what it says by the table of LW-026. */
async function send({ networkServer }: ActivityDeps, item: NewQueueItem): Promise<SendOutcome> {
  try {
    return { kind: 'accepted', queueItemId: await networkServer.enqueue(item) }
  } catch (error) {
    if (!(error instanceof NetworkServerError)) throw error
    return judge({ networkServer }, item, error)
  }
}

/** An absent device answers as a database failure or as a bad token does; only a second question tells (LW-028, LW-054). */
async function judge(
  { networkServer }: Pick<ActivityDeps, 'networkServer'>,
  { devEui }: NewQueueItem,
  error: NetworkServerError,
): Promise<SendOutcome> {
  if (error.kind === 'refused' || error.kind === 'absent') return { kind: error.kind, code: error.code }
  if (error.kind === 'not_sent') return { kind: 'unavailable', code: error.code }
  if (error.kind === 'unauthenticated') {
    const { word } = await networkServer.check()
    return word === 'ok' ? { kind: 'absent', code: error.code } : { kind: 'unavailable', code: error.code }
  }
  if (error.code !== 'internal') return { kind: 'ambiguous', code: error.code }
  const isThere = await networkServer.isDeviceThere(devEui).catch(() => true) // unknown counts as there: nothing is concluded from a second failure
  return isThere ? { kind: 'ambiguous', code: error.code } : { kind: 'absent', code: error.code }
}

async function conclude(
  deps: ActivityDeps,
  input: EnqueueInput,
  known: { command: CommandRow; attempt: AttemptRow; outcome: SendOutcome },
): Promise<EnqueueResult> {
  const { command, attempt, outcome } = known
  switch (outcome.kind) {
    case 'accepted':
      return accept(deps, input, { command, attempt, queueItemId: outcome.queueItemId })
    case 'refused':
      return { result: 'permanent', code: 'downlink.rejected' }
    case 'absent':
      return { result: 'permanent', code: 'downlink.device_missing' }
    case 'lost':
      return { result: 'lost', code: outcome.code }
    case 'ambiguous':
    case 'unavailable':
      return postpone(deps, input, outcome)
  }
}

/** Nothing was sent, or nobody can say yet: no attempt is consumed (DOM-621). What may be queued keeps its fingerprint. */
async function postpone(
  { unitOfWork }: ActivityDeps,
  input: EnqueueInput,
  outcome: { kind: string; code: string },
): Promise<EnqueueResult> {
  await unitOfWork.withTenant({ tenantId: input.tenantId }, async ({ downlinkAttempts, downlinks }) => {
    if (outcome.kind === 'unavailable' && !input.isRepeat) await downlinkAttempts.markUnsent(input)
    await downlinks.note(input.commandId, { waitingFor: 'network_server', nextAt: null, code: outcome.code })
  })
  return { result: 'unavailable', code: outcome.code }
}

/** Item id, state and what already came for it, in one transaction (LW-053, DOM-625). */
async function accept(
  deps: ActivityDeps,
  input: EnqueueInput,
  { command, attempt, queueItemId }: { command: CommandRow; attempt: AttemptRow; queueItemId: string },
): Promise<EnqueueResult> {
  const { events, feed } = await deps.unitOfWork.withTenant({ tenantId: input.tenantId }, async (repositories) => {
    const { displayStates, downlinkAttempts, downlinks, lightFeed } = repositories
    await displayStates.lock(input.deviceId)
    if (input.isRepeat) await downlinkAttempts.markRepeated(input, queueItemId)
    else await downlinkAttempts.markAccepted(input, queueItemId, input.now)
    const sent = input.isRepeat
      ? null
      : await downlinks.markSent({ ...attemptOf(input), queueItemId, expiresAt: attempt.fingerprintExpiresAt, at: input.now })
    if (sent !== null && command.wantedVersion !== null) await markSent(displayStates, input, command.wantedVersion)
    const early: NetworkEvent[] = await downlinkAttempts.eventsOf(queueItemId)
    return { events: early, feed: sent === null ? [] : [lightFeed.ofCommand(sent)] }
  })
  deps.metrics.downlinkLatency.observe({ stage: 'enqueue' }, (input.now - command.queuedAt) / 1_000)
  await announce(deps, feed)
  return { result: 'accepted', queueItemId, expiresAt: attempt.fingerprintExpiresAt, events }
}

const attemptOf = ({ commandId, attemptNo }: AttemptRef) => ({ commandId, attemptNo })

interface SentMarks {
  markSent(deviceId: string, version: number, at: number): Promise<number>
  markResent(deviceId: string, at: number): Promise<number>
}

async function markSent(displayStates: SentMarks, { deviceId, now }: EnqueueInput, version: number): Promise<void> {
  const raised = await displayStates.markSent(deviceId, version, now)
  if (raised === 0) await displayStates.markResent(deviceId, now)
}
