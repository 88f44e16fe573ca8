/** An explanation, a transition and a timeline event as answers show them (API-335 to API-337). */
import { toIso } from '#domain/shared/instant'
import { spaceWorkflowId } from '#domain/shared/workflow-ids'
import { isoOrNull } from '../shared/present'
import type { Repositories } from '../shared/repositories'
import { presentCards, type EuiById, type TransitionRow } from './cards'
import { presentLight, type LightParts } from './light'
import type { ExplainService } from './service'

type Explanation = Awaited<ReturnType<ExplainService['why']>>
type TimelineRow = Awaited<ReturnType<Repositories['timeline']['list']>>['rows'][number]

/** A transition that was recorded this long after it was valid came late. */
const LATE_MS = 60_000

export function presentExplanation(explanation: Explanation) {
  const { space, transition, euis, told, isNewest } = explanation
  return {
    space_id: space.spaceId,
    ...presentState(explanation),
    until: isNewest ? isoOrNull(space.stateUntil) : null,
    source: transition?.source ?? null,
    valid_at: isoOrNull(transition?.validAt),
    recorded_at: isoOrNull(transition?.recordedAt),
    because: presentCards(transition?.because ?? [], euis),
    light: presentLight(explanation satisfies LightParts),
    told: told.map(({ channel, toldAt }) => ({ to: channel, at: toIso(toldAt) })),
    workflow: { workflow_id: spaceWorkflowId(space.tenantId, space.spaceId), run_id: transition?.runId ?? null },
  }
}

/** Before the first transition a space is what it was made as. */
function presentState({ space, transition }: Explanation) {
  if (transition === null)
    return { state: space.state, state_reason: space.stateReason, since: toIso(space.stateChangedAt), sequence: space.sequence }
  return {
    state: transition.newState,
    state_reason: transition.stateReason,
    since: toIso(transition.validAt),
    sequence: transition.sequence,
  }
}

export function presentTransition(row: TransitionRow, euis: EuiById) {
  return {
    sequence: row.sequence,
    from_state: row.previousState,
    to_state: row.newState,
    from_reason: row.previousReason,
    state_reason: row.stateReason,
    valid_at: toIso(row.validAt),
    recorded_at: toIso(row.recordedAt),
    late: row.recordedAt - row.validAt > LATE_MS,
    source: row.source,
    actor: row.actorType === null ? null : { type: row.actorType, id: row.actorId },
    because: presentCards(row.because, euis),
    display: row.display,
    reservation_id: row.reservationId,
    reading_id: row.readingId,
    workflow_id: row.workflowId,
  }
}

export const presentTimelineEvent = ({ id, type, at, data }: TimelineRow) => ({ id, type, at: toIso(at), data })
