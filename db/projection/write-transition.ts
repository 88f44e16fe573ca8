/** One change of state or reason: the row, the counters and the event (DOM-250, DOM-912). */
import type { Decision, OccupancyValue, SpaceState } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentSpaceUpdate } from '../event-presenters'
import type { LockedSpace } from '../repositories/projection.repository'
import type { TenantRepositories } from '../repositories'
import type { ProjectionInput } from './projection-types'
import type { Moment } from './scene'

/** Where the bay stands between two decisions of one projection. */
export interface Standing {
  readonly state: SpaceState
  readonly reason: string
  readonly sequence: number
  /** When the stored answer was due to change. */
  readonly until: Instant | null
}

export interface Change {
  readonly space: LockedSpace
  readonly before: Standing
  readonly moment: Moment
  readonly decision: Decision
  readonly sensorState: OccupancyValue | null
  readonly input: ProjectionInput
}

type Cause = Pick<ProjectionInput, 'cause'> & { readonly type: string; readonly id: string | null; readonly validAt: Instant }

export async function writeTransition(repositories: TenantRepositories, change: Change): Promise<FeedEvent> {
  const { space, before, decision, input } = change
  const sequence = before.sequence + 1
  const cause = findCause(change)
  const { actor } = input.origin
  const recordedAt = await repositories.projectionWrites.insertTransition({
    spaceId: space.spaceId,
    siteId: space.siteId,
    sequence,
    previousState: before.state,
    newState: decision.state,
    previousReason: before.reason,
    stateReason: decision.reason,
    source: cause.cause,
    causeType: cause.type,
    causeId: cause.id,
    validAt: cause.validAt,
    because: decision.because,
    display: decision.display,
    sensorState: change.sensorState,
    reservationId: usedRef(decision, 'reservation'),
    readingId: usedRef(decision, 'reading'),
    actorType: actor.type,
    actorId: actor.id,
    workflowId: input.origin.workflowId ?? null,
    runId: input.origin.runId ?? null,
    requestId: input.origin.requestId,
  })
  return presentSpaceUpdate({
    ...space,
    at: recordedAt,
    recordedAt,
    previousState: before.state,
    currentState: decision.state,
    stateReason: decision.reason,
    stateUntil: decision.until,
    sequence,
    validAt: cause.validAt,
    display: decision.display,
  })
}

/** The sensor's word is valid since it was heard, the passing of time since the instant that was foretold, all else since its own. */
function findCause({ before, moment, input }: Change): Cause {
  const { cause, causeRef, validAt } = input
  if (moment.valueFact !== null)
    return { cause: 'sensor', type: 'reading', id: moment.valueFact.readingId, validAt: moment.valueFact.heardAt }
  if (cause === 'timer') return { cause, type: 'timer', id: null, validAt: validAt ?? dueInstant(before, moment.now) }
  if (cause !== 'sensor') return { cause, type: causeRef?.type ?? cause, id: causeRef?.id ?? null, validAt: validAt ?? moment.now }
  const { sensor } = moment.facts
  return { cause, type: 'reading', id: sensor?.readingRef?.id ?? null, validAt: validAt ?? sensor?.lastHeardAt ?? moment.now }
}

const dueInstant = ({ until }: Standing, now: Instant): Instant => (until !== null && until <= now ? until : now)

function usedRef(decision: Decision, type: 'reservation' | 'reading'): string | null {
  return decision.because.find(({ used, ref }) => used && ref?.type === type)?.ref?.id ?? null
}
