/** What every command on a space does around its own effect: lock, precondition, projection, version, audit, answer (H-13, API-046, API-048). */
import { projectSpace } from '#db/projection/project-space'
import { toIso, type Instant } from '#domain/shared/instant'
import { DomainError } from '#domain/shared/domain-error'
import type { Answer, Call } from '../../middleware/call'
import { assertFresh } from '../../middleware/etag'
import type { Commands, Effect } from '../shared/commands'
import { assertWritable } from '../shared/home'
import { found, type Reads } from '../shared/reads'
import type { Repositories } from '../shared/repositories'
import { presentSpace, WHOLE, type SpaceView } from './presenter'

export type HeldSpace = NonNullable<Awaited<ReturnType<Repositories['overrides']['hold']>>>

/** What a command did to the overrides of a space; null: nothing at all. */
export interface Change {
  readonly action: 'space.override' | 'space.block' | 'space.unblock' | 'space.clear_suspect'
  /** The override behind it, for the transition's cause. */
  readonly overrideId: string | null
  readonly validAt: Instant
  readonly oldValues?: Readonly<Record<string, unknown>>
  readonly newValues: Readonly<Record<string, unknown>>
}

export interface SpaceOutcome {
  readonly held: HeldSpace
  readonly view: SpaceView
  readonly isChanged: boolean
}

export interface SpaceCommand<T extends Change> {
  readonly spaceId: string
  /** Changes rows of the held space; no state is written here, the projection does that. */
  readonly apply: (repositories: Repositories, held: HeldSpace) => Promise<T | null>
  readonly answer: (outcome: SpaceOutcome, change: T | null, repositories: Repositories) => Promise<Answer> | Answer
}

export interface SpaceCommandDeps {
  readonly commands: Commands
  readonly reads: Reads
}

export type RunSpaceCommand = <T extends Change>(call: Call, command: SpaceCommand<T>) => Promise<Answer>

export function createSpaceCommand({ commands, reads }: SpaceCommandDeps): RunSpaceCommand {
  return async (call, command) => {
    const permission = { subject: 'Space', action: 'override' } as const
    await assertWritable(reads, call.principal, { permission, what: 'space', find: ({ spaces }) => spaces.get(command.spaceId) })
    return commands.run(call, (repositories) => runIn(repositories, call, command))
  }
}

async function runIn<T extends Change>(repositories: Repositories, call: Call, command: SpaceCommand<T>): Promise<Effect> {
  const held = found(await repositories.overrides.hold(command.spaceId), 'space')
  await assertUnchanged(repositories, call, held)
  const change = await command.apply(repositories, held)
  const handover = change === null ? null : await settle(repositories, call, { held, change })
  const view = await viewOf(repositories, call, held)
  const answer = await command.answer({ held, view, isChanged: change !== null }, change, repositories)
  return { answer: { version: view.version, ...answer }, handovers: handover === null ? [] : [handover] }
}

/** Raises the version, runs the projection, writes the one audit row. */
async function settle(repositories: Repositories, { origin }: Call, { held, change }: { held: HeldSpace; change: Change }) {
  await repositories.overrides.raiseVersion(held.spaceId)
  const result = await projectSpace(repositories, {
    spaceId: held.spaceId,
    cause: 'manual',
    origin,
    causeRef: { type: 'override', id: change.overrideId },
    validAt: change.validAt,
  })
  if (result.gone) throw new DomainError('resource.not_found', { detail: 'No such space.' })
  const { action, oldValues = {}, newValues } = change
  const newState = { ...newValues, current_state: result.state, state_reason: result.reason }
  await repositories.audit.write(
    {
      action,
      resourceType: 'space',
      resourceId: held.spaceId,
      oldValues: { ...oldValues, current_state: held.state },
      newValues: newState,
    },
    origin,
  )
  return result.handover
}

async function viewOf(repositories: Repositories, { principal }: Call, held: HeldSpace): Promise<SpaceView> {
  return presentSpace(found(await repositories.spaces.get(held.spaceId), 'space'), { principal, now: held.now, ...WHOLE })
}

async function assertUnchanged(repositories: Repositories, call: Call, held: HeldSpace): Promise<void> {
  if (call.conditions.ifMatch === null) return
  const view = await viewOf(repositories, call, held)
  const last = await repositories.audit.lastChange('space', held.spaceId)
  assertFresh(call.conditions, {
    version: held.version,
    view,
    updatedAt: last === null ? view.updated_at : toIso(last.at),
    updatedBy: last?.actorName ?? null,
  })
}
