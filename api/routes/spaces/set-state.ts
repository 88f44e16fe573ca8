/** Sets a state by hand: an operator's word becomes an override row, and the rules say what it makes of the space (API-330, DOM-266). */
import { issueAt } from '#contract/issues'
import type { RequestTime } from '#contract/values'
import { statementEndsAt } from '#domain/occupancy/statement'
import { DomainError } from '#domain/shared/domain-error'
import type { Instant } from '#domain/shared/instant'
import { uuidV7 } from '#runtime/uuid'
import type { Answer, Call } from '../../middleware/call'
import { isoOrNull } from '../shared/present'
import { toInstant } from '../shared/site-time'
import type { Repositories } from '../shared/repositories'
import type { Change, HeldSpace, RunSpaceCommand, SpaceOutcome } from './space-command'

export type CommandedState = 'free' | 'occupied' | 'maintenance' | 'unknown'

export interface StateRequest {
  readonly state: CommandedState | 'reserved'
  readonly reason: string | null
  readonly until: RequestTime | null
}

type OpenOverride = Awaited<ReturnType<Repositories['overrides']['open']>>[number]

/** A statement of a person is not worth believing longer (DOM-266). */
const MAX_AHEAD_MS = 30 * 86_400_000

export function setState(
  run: RunSpaceCommand,
  call: Call,
  { spaceId, request }: { spaceId: string; request: StateRequest },
): Promise<Answer> {
  const { state } = request
  if (state === 'reserved') throw new DomainError('space.state_not_settable', { detail: 'A space becomes reserved by a reservation.' })
  return run(call, {
    spaceId,
    apply: (repositories, held) => applyState(repositories, call, { held, request: { ...request, state } }),
    answer: (outcome) => ({ body: presentOutcome(outcome, state) }),
  })
}

interface Application {
  readonly held: HeldSpace
  readonly request: StateRequest & { readonly state: CommandedState }
}

async function applyState({ overrides }: Repositories, call: Call, { held, request }: Application): Promise<Change | null> {
  const open = await overrides.open(held.spaceId)
  const wanted = wantedOverride(held, request)
  const stays = wanted === null ? undefined : open.find((one) => isSame(one, wanted, request))
  const ended = open.filter((one) => one !== stays && isReplaced(one, request.state))
  const added = stays === undefined ? wanted : null
  if (ended.length === 0 && added === null) return null
  await overrides.end(
    ended.map(({ overrideId }) => overrideId),
    call.principal.userId,
  )
  const overrideId = added === null ? null : await insertOverride(overrides, call, { held, added, reason: request.reason })
  const newValues = { requested_state: request.state, reason: request.reason, until: isoOrNull(wanted?.endsAt) }
  return { action: 'space.override', overrideId, validAt: held.now, newValues }
}

interface Addition {
  readonly held: HeldSpace
  readonly added: WantedOverride
  readonly reason: string | null
}

async function insertOverride(overrides: Repositories['overrides'], { origin }: Call, { held, added, reason }: Addition): Promise<string> {
  const overrideId = uuidV7()
  const author = { createdByType: origin.actor.type, createdBy: origin.actor.id }
  await overrides.insert({ ...added, ...author, overrideId, spaceId: held.spaceId, startsAt: held.now, reason })
  return overrideId
}

interface WantedOverride {
  readonly kind: 'blocked' | 'occupied' | 'free'
  readonly origin: 'state' | 'override'
  readonly endsAt: Instant | null
}

/** `maintenance` is a block that `free` and `occupied` end again; these two are statements; `unknown` only withdraws. */
function wantedOverride(held: HeldSpace, { state, until }: Application['request']): WantedOverride | null {
  const end = until === null ? null : endOf(until, held)
  if (state === 'unknown') return null
  if (state === 'maintenance') return { kind: 'blocked', origin: 'state', endsAt: end }
  const endsAt = statementEndsAt({ kind: state, startsAt: held.now, until: end, autoReleaseMinutes: held.autoReleaseMinutes })
  return { kind: state, origin: 'override', endsAt }
}

function endOf(until: RequestTime, { timezone, now }: HeldSpace): Instant {
  const end = toInstant(until, timezone, { in: 'body', pointer: '/until' })
  const message = end <= now ? 'must be in the future' : 'must be at most 30 days ahead'
  if (end <= now || end > now + MAX_AHEAD_MS)
    throw new DomainError('validation.failed', { issues: [issueAt('body', '/until', { code: 'invalid_time', message })] })
  return end
}

const isStatement = ({ kind }: OpenOverride): boolean => kind === 'occupied' || kind === 'free'
const isOwnBlock = ({ kind, origin }: OpenOverride): boolean => kind === 'blocked' && origin === 'state'

/** Said already, and nothing new is said about how long or why. */
function isSame(one: OpenOverride, wanted: WantedOverride, { until, reason }: StateRequest): boolean {
  const isKind = wanted.origin === 'state' ? isOwnBlock(one) : one.kind === wanted.kind
  return isKind && (until === null || one.endsAt === wanted.endsAt) && (reason === null || one.reason === reason)
}

function isReplaced(one: OpenOverride, state: CommandedState): boolean {
  if (state === 'maintenance') return isOwnBlock(one)
  if (state === 'unknown') return isStatement(one)
  return isStatement(one) || isOwnBlock(one)
}

function presentOutcome({ held, view, isChanged }: SpaceOutcome, requested: CommandedState) {
  return {
    success: true,
    space_id: view.id,
    previous_state: held.state,
    current_state: view.current_state,
    requested_state: requested,
    changed: isChanged,
    source: 'manual',
    sequence: view.state_sequence,
    until: view.state_until,
    message: sentenceOf(held.code, view.current_state, { requested, isChanged }),
    space: view,
  }
}

/** Says what the rules made of it, also when they made something else. */
function sentenceOf(code: string, state: string, { requested, isChanged }: { requested: CommandedState; isChanged: boolean }): string {
  if (!isChanged) return `${code} was ${state} already; nothing changed.`
  if (state === requested) return `${code} is ${state}.`
  return `Recorded. ${code} is ${state}: see why.`
}
