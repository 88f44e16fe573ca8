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

export async function writeTransition({ projectionWrites }: TenantRepositories, change: Change): Promise<FeedEvent> {
  const { space, before, decision } = change
  const sequence = before.sequence + 1
  const cause = findCause(change)
  const recordedAt = await projectionWrites.insertTransition({ ...rowOf(change, cause), sequence })
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

type Row = Parameters<TenantRepositories['projectionWrites']['insertTransition']>[0]

function rowOf({ space, before, decision, sensorState, input }: Change, cause: Cause): Omit<Row, 'sequence'> {
  const { actor, workflowId = null, runId = null, requestId } = input.origin
  return {
    spaceId: space.spaceId,
    siteId: space.siteId,
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
    sensorState,
    reservationId: usedRef(decision, 'reservation'),
    readingId: usedRef(decision, 'reading'),
    actorType: actor.type,
    actorId: actor.id,
    workflowId,
    runId,
    requestId,
  }
}

/** The sensor's word is valid since it was heard, the passing of time since the instant that was foretold, all else since its own. */
function findCause({ before, moment, input }: Change): Cause {
  if (moment.valueFact !== null) return byReading(moment.valueFact.readingId, moment.valueFact.heardAt)
  const { cause, causeRef, validAt = null } = input
  if (cause === 'timer') return { cause, type: 'timer', id: null, validAt: validAt ?? dueInstant(before, moment.now) }
  if (cause === 'sensor') return bySensor(moment, validAt)
  const { type, id } = causeRef ?? { type: cause, id: null }
  return { cause, type, id, validAt: validAt ?? moment.now }
}

const byReading = (id: string | null, validAt: Instant): Cause => ({ cause: 'sensor', type: 'reading', id, validAt })

function bySensor({ facts: { sensor }, now }: Moment, validAt: Instant | null): Cause {
  return byReading(sensor?.readingRef?.id ?? null, validAt ?? sensor?.lastHeardAt ?? now)
}

const dueInstant = ({ until }: Standing, now: Instant): Instant => (until !== null && until <= now ? until : now)

function usedRef(decision: Decision, type: 'reservation' | 'reading'): string | null {
  return decision.because.find(({ used, ref }) => used && ref?.type === type)?.ref?.id ?? null
}
