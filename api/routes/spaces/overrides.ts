/** Blocks a space, releases it, and believes its sensor again (API-331, API-332, API-340). */
import { issueAt } from '#contract/issues'
import type { RequestTime } from '#contract/values'
import { DomainError } from '#domain/shared/domain-error'
import { toIso, type Instant } from '#domain/shared/instant'
import { uuidV7 } from '#runtime/uuid'
import type { Answer, Call } from '../../middleware/call'
import { isoOrNull } from '../shared/present'
import { toInstant } from '../shared/site-time'
import type { Repositories } from '../shared/repositories'
import type { Change, HeldSpace, RunSpaceCommand, SpaceOutcome } from './space-command'

export interface BlockRequest {
  readonly kind: 'blocked' | 'out_of_service'
  readonly reason: string
  readonly from?: RequestTime | undefined
  readonly until?: RequestTime | undefined
}

interface Block extends Change {
  readonly overrideId: string
  readonly from: Instant
  readonly until: Instant | null
}

/** `replaces`: an open one of its kind ends first (PUT). */
export function block(
  run: RunSpaceCommand,
  call: Call,
  { spaceId, request, replaces }: { spaceId: string; request: BlockRequest; replaces: boolean },
): Promise<Answer> {
  return run<Block>(call, {
    spaceId,
    apply: async (repositories, held) => {
      if (replaces) await endKind(repositories, call, { spaceId, kind: request.kind })
      return insertBlock(repositories, call, { held, request })
    },
    answer: async ({ view }, change, { overrides }) => {
      const overlapping = change === null ? [] : await overrides.overlapping(spaceId, change.from, change.until)
      return {
        status: replaces ? 200 : 201,
        body: { ...view, override_id: change?.overrideId, affected_reservations: overlapping.map(presentOverlap) },
      }
    },
  })
}

async function endKind(
  { overrides }: Repositories,
  call: Call,
  { spaceId, kind }: { spaceId: string; kind: BlockRequest['kind'] },
): Promise<void> {
  const open = await overrides.open(spaceId)
  await overrides.end(
    open.filter((one) => one.kind === kind).map(({ overrideId }) => overrideId),
    call.principal.userId,
  )
}

async function insertBlock(
  { overrides }: Repositories,
  { origin }: Call,
  { held, request }: { held: HeldSpace; request: BlockRequest },
): Promise<Block> {
  const { from, until } = rangeOf(request, held)
  const overrideId = uuidV7()
  const author = { createdByType: origin.actor.type, createdBy: origin.actor.id }
  await overrides.insert({
    overrideId,
    spaceId: held.spaceId,
    kind: request.kind,
    origin: 'override',
    startsAt: from,
    endsAt: until,
    reason: request.reason,
    ...author,
  })
  const newValues = { override_id: overrideId, kind: request.kind, reason: request.reason, from: toIso(from), until: isoOrNull(until) }
  return { action: 'space.block', overrideId, validAt: Math.max(from, held.now), from, until, newValues }
}

function rangeOf({ from, until }: BlockRequest, { timezone, now }: HeldSpace): { from: Instant; until: Instant | null } {
  const start = from === undefined ? now : toInstant(from, timezone, { in: 'body', pointer: '/from' })
  const end = until === undefined ? null : toInstant(until, timezone, { in: 'body', pointer: '/until' })
  if (end === null || (end > start && end > now)) return { from: start, until: end }
  const message = end <= start ? 'must be after from' : 'must be in the future'
  throw new DomainError('validation.failed', { issues: [issueAt('body', '/until', { code: 'invalid_time', message })] })
}

const presentOverlap = (one: Awaited<ReturnType<Repositories['overrides']['overlapping']>>[number]) => ({
  id: one.reservationId,
  start_time: toIso(one.start),
  end_time: toIso(one.end),
  status: one.status,
})

/** Null `overrideId`: every block of the space. Statements about occupancy are withdrawn by setting the state, not here. */
export function release(
  run: RunSpaceCommand,
  call: Call,
  request: { spaceId: string; overrideId: string | null; reason: string | null },
): Promise<Answer> {
  const { spaceId, overrideId, reason } = request
  return run(call, {
    spaceId,
    apply: async ({ overrides }, held) => {
      if (overrideId !== null && !(await overrides.exists(spaceId, overrideId)))
        throw new DomainError('resource.not_found', { detail: 'No such override.' })
      const open = await overrides.open(spaceId)
      const ended = open.filter((one) =>
        overrideId === null ? one.kind === 'blocked' || one.kind === 'out_of_service' : one.overrideId === overrideId,
      )
      if (ended.length === 0) return null
      const ids = ended.map((one) => one.overrideId)
      await overrides.end(ids, call.principal.userId)
      return {
        action: 'space.unblock',
        overrideId: ids[0] ?? null,
        validAt: held.now,
        oldValues: { override_ids: ids },
        newValues: { reason },
      }
    },
    answer: presentView,
  })
}

export function believeSensor(run: RunSpaceCommand, call: Call, { spaceId, reason }: { spaceId: string; reason: string }): Promise<Answer> {
  return run(call, {
    spaceId,
    apply: async ({ overrides }, held) => {
      const isCleared = held.sensorDeviceId !== null && (await overrides.clearSuspect(held.sensorDeviceId))
      return isCleared
        ? { action: 'space.clear_suspect', overrideId: null, validAt: held.now, newValues: { device_id: held.sensorDeviceId, reason } }
        : null
    },
    answer: presentView,
  })
}

const presentView = ({ view }: SpaceOutcome): Answer => ({ body: view })
