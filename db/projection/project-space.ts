/**
 * The one procedure that turns facts into a bay's state (DOM-910 to DOM-915): lock, load, decide, write what changed, leave in the outbox what
 * must follow. It runs inside the caller's `withTenant`; run again with no new fact it writes nothing.
 */
import { decide } from '#domain/occupancy/decide'
import { weighSensor } from '#domain/occupancy/evidence'
import type { Decision, OccupancyValue } from '#domain/occupancy/types'
import type { FeedEvent, OutboxMessage, OutboxRow, ProjectionCause } from '#domain/shared/outbox'
import { spaceWorkflowId } from '#domain/shared/workflow-ids'
import type { TenantRepositories } from '../repositories'
import type { LockedSpace, OpenSessionRow } from '../repositories/projection.repository'
import { followStay } from './follow-stay'
import type { ProjectionInput, ProjectionResult, ReservationLink } from './projection-types'
import { setScene, type Moment, type Scene } from './scene'
import { wantDisplay } from './want-display'
import { watchSensor } from './watch-sensor'
import { writeTransition, type Standing } from './write-transition'

/** Locks the space and, in this order, its cursor, display, counters and outbox row until the caller commits. */
export async function projectSpace(repositories: TenantRepositories, input: ProjectionInput): Promise<ProjectionResult> {
  const scene = await loadScene(repositories, input.spaceId)
  if (scene === null) return { gone: true }
  const { space } = scene
  const target = spaceWorkflowId(space.tenantId, space.spaceId)
  const run = await liveThrough(repositories, scene, input)
  const light = await wantDisplay(repositories, scene, { decision: run.decision, sequence: run.standing.sequence })
  const sensorEvents = await watchSensor(repositories, scene, run.present)
  await writeStanding(repositories, scene, run)
  const events = [...run.events, ...light.events, ...sensorEvents]
  const message = needsSignal(scene, run, { input, hasNewLight: light.events.length > 0 }) ? createMessage(space, run, input.cause) : null
  const handover = await repositories.outbox.takeFacts(seenRow(scene, target), { target, message, events })
  const { state, reason, until, untilCause, nextExact } = run.decision
  const { sequence } = run.standing
  return {
    gone: false,
    changed: run.changed,
    siteId: space.siteId,
    code: space.code,
    sequence,
    state,
    reason,
    until,
    untilCause,
    nextExact,
    wanted: light.wanted,
    handover,
    links: run.links,
  }
}

/**
 * A cursor that came while we waited for the space is not in the locking statement's snapshot: a sensor that seems never
 * heard is looked at again, after its facts, so that they are not taken without their cursor.
 */
async function loadScene({ projection }: TenantRepositories, spaceId: string): Promise<Scene | null> {
  const load = async (space: LockedSpace) =>
    setScene(space, await projection.loadFacts(space, spaceWorkflowId(space.tenantId, space.spaceId)))
  const first = await projection.lockSpace(spaceId)
  if (first === null) return null
  const scene = await load(first)
  if (first.cursor !== null || first.sensorDeviceId === null) return scene
  const again = await projection.lockSpace(spaceId)
  return again === null || again.cursor === null ? scene : load(again)
}

interface Run {
  readonly standing: Standing
  readonly decision: Decision
  readonly present: Moment
  readonly sensorState: OccupancyValue | null
  readonly changed: boolean
  readonly events: readonly FeedEvent[]
  readonly links: readonly ReservationLink[]
}

/** Decides at every moment of the scene in order; the last one is the present. */
async function liveThrough(repositories: TenantRepositories, scene: Scene, input: ProjectionInput): Promise<Run> {
  const { space, stored } = scene
  let standing: Standing = space
  let session: OpenSessionRow | null = stored.session
  const events: FeedEvent[] = []
  const links: ReservationLink[] = []
  const earlier = scene.moments.slice(0, -1)
  for (const moment of earlier) await liveAt(moment)
  const present = scene.moments.at(-1)
  if (present === undefined) throw new Error('a scene has a present')
  const { decision, sensorState } = await liveAt(present)
  return { standing, decision, present, sensorState, changed: standing.sequence > space.sequence, events, links }

  async function liveAt(moment: Moment): Promise<{ decision: Decision; sensorState: OccupancyValue | null }> {
    const answer = { decision: decide(moment.facts, scene.policy, moment.now), sensorState: sensorWord(scene, moment) }
    const { state, reason, until } = answer.decision
    if (state !== standing.state || reason !== standing.reason) {
      events.push(await writeTransition(repositories, { space, before: standing, moment, ...answer, input }))
      standing = { state, reason, until, sequence: standing.sequence + 1 }
    }
    const stay = await followStay(repositories, scene, { moment, session })
    session = stay.session
    links.push(...stay.links)
    return answer
  }
}

const sensorWord = ({ policy }: Scene, { facts, now }: Moment) => weighSensor(facts.sensor, policy.body, now).value

/** Counters move by the whole run at once; the space's row is touched only if a column would differ. */
async function writeStanding({ projectionWrites }: TenantRepositories, { space, stored }: Scene, run: Run): Promise<void> {
  const { decision, standing, sensorState, changed } = run
  const { state, reason, until, untilCause, display } = decision
  const live = {
    state,
    reason,
    sequence: standing.sequence,
    until,
    nextCheckCause: untilCause,
    sensorState,
    displayState: display.situation,
  }
  const isSame =
    !changed &&
    space.until === until &&
    space.nextCheckAt === until &&
    space.nextCheckCause === untilCause &&
    space.sensorState === sensorState &&
    space.displayState === display.situation
  if (isSame) return
  await projectionWrites.updateSpace({ spaceId: space.spaceId, ...live, changedAt: changed ? stored.now : null })
  if (state !== space.state || reason !== space.reason) {
    await projectionWrites.shiftOccupancy({ siteId: space.siteId, from: space, to: { state, reason } })
  }
}

/** DOM-915: a transition, a new light, a link, a sensor back from silence; and whatever people or policies change, for its own instants. */
function needsSignal({ pending }: Scene, run: Run, { input, hasNewLight }: { input: ProjectionInput; hasNewLight: boolean }): boolean {
  if (run.changed || hasNewLight || run.links.length > 0) return true
  return ALWAYS_TOLD.includes(input.cause) || pending.some(({ kind }) => kind === 'back_from_silence')
}

const ALWAYS_TOLD: readonly ProjectionCause[] = ['manual', 'reservation', 'policy']

function createMessage({ tenantId, siteId, spaceId, code }: LockedSpace, { standing }: Run, cause: ProjectionCause): OutboxMessage {
  return { kind: 'space', tenantId, siteId, spaceId, code, sequence: standing.sequence, cause }
}

function seenRow({ space, stored }: Scene, target: string): OutboxRow | null {
  return stored.outbox && { tenantId: space.tenantId, target, ...stored.outbox }
}
