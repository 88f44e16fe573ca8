/** Opens one command row for what is wanted now, in place of the one it supersedes (DOM-610, 611, 617, DOM-330). */
import type { CommandRow, DisplayStateRow, NewCommand } from '#domain/display/light-rows'
import type { OpenResult } from '#domain/display/light-settles'
import type { FeedEvent } from '#domain/shared/outbox'
import { displayWorkflowId } from '#domain/shared/workflow-ids'
import type { DeliveryRowsPort, OpenCommandInput } from '#workflows/display-delivery/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { giveBackUnsent } from './give-back-unsent'
import { isGone, lookOfPayload, ownBytes, priorityOf, profileOf, rankOf } from './light-facts'

type Opened = Extract<OpenResult, { gone: false }>
type Refusal = NonNullable<Opened['reason']>

export function createOpenCommand(deps: ActivityDeps): DeliveryRowsPort['openCommand'] {
  return async (input) => {
    const { result, events } = await deps.unitOfWork.withTenant({ tenantId: input.tenantId }, (repositories) => openIn(repositories, input))
    await announce(deps, events)
    return result
  }
}

async function openIn(repositories: TenantRepositories, input: OpenCommandInput): Promise<{ result: OpenResult; events: FeedEvent[] }> {
  const { displayStates, downlinks, lightFeed } = repositories
  await displayStates.lock(input.deviceId)
  const row = await displayStates.find(input.deviceId)
  const events = await supersede(repositories, input)
  if (isGone(row)) return { result: { gone: true }, events }
  const existing = await downlinks.find(input.commandId)
  if (existing !== null) return { result: resultOf(row, input, null), events }
  const refusal = await whyNot(repositories, row, input)
  if (refusal !== null) return { result: resultOf(row, input, refusal), events }
  await downlinks.insert(newCommand(row, input))
  const command = await downlinks.find(input.commandId)
  return { result: resultOf(row, input, null), events: command === null ? events : [...events, lightFeed.ofCommand(command)] }
}

async function supersede(repositories: TenantRepositories, { supersedes }: OpenCommandInput): Promise<FeedEvent[]> {
  const { downlinks, lightFeed } = repositories
  if (supersedes === null) return []
  const before = await downlinks.find(supersedes)
  if (before === null) return []
  const after = await downlinks.change({
    commandId: supersedes,
    attemptNo: before.attempts,
    to: 'superseded',
    reason: 'newer_wanted',
    nextAt: null,
    proof: null,
    gatewayEui: null,
    at: Date.now(),
  })
  if (after === null) return []
  await giveBackUnsent(repositories, { commandId: supersedes, outcome: 'newer_wanted', at: Date.now() })
  return [lightFeed.ofCommand(after)]
}

/** Why there is nothing to send; marks a version as served when the light was sent the same before. */
async function whyNot(repositories: TenantRepositories, row: DisplayStateRow, input: OpenCommandInput): Promise<Refusal | null> {
  if (input.kind !== 'display') return ownBytes(row.model, input.kind) === null ? 'no_encoder' : null
  if (row.wantedVersion === 0) return 'nothing_wanted'
  if (row.wantedPayload === null) return 'no_encoder'
  if (input.isAsked) return null
  if ((row.dismissedVersion ?? 0) >= row.wantedVersion) return 'dismissed'
  if (input.origin !== 'policy' || !(await shows(repositories, row))) return null
  await repositories.displayStates.markSent(input.deviceId, row.wantedVersion, null)
  return 'equal'
}

const STANDING = new Set(['sent', 'transmitted', 'confirmed'])

/** It was the last thing sent, nothing has disproved it since, and nothing else may have gone out unnoticed (DOM-330, DOM-620). */
async function shows({ downlinkAttempts, downlinks }: TenantRepositories, row: DisplayStateRow): Promise<boolean> {
  const last = await downlinks.lastSentOf(row.deviceId)
  if (last === null || !isStanding(row, last)) return false
  return !(await downlinkAttempts.isInDoubt(row.deviceId, last.sentAt ?? 0))
}

function isStanding(row: DisplayStateRow, last: CommandRow): boolean {
  if (!STANDING.has(last.status) || row.driftSince !== null) return false
  return last.payload === row.wantedPayload && last.fPort === row.wantedFPort && row.shownColor !== null
}

function newCommand(row: DisplayStateRow, input: OpenCommandInput): NewCommand {
  const { deviceId, devEui, spaceId, wantedSituation } = row
  return {
    ...(input.kind === 'display' ? displayCommand(row) : ownCommand(row, input.kind)),
    commandId: input.commandId,
    deviceId,
    devEui,
    spaceId,
    origin: input.origin,
    command: input.kind,
    priority: priorityOf(rankOf(wantedSituation, input.origin)),
    notBefore: input.notBefore > 0 ? input.notBefore : null,
    workflowId: displayWorkflowId(input.tenantId, input.deviceId),
  }
}

type Content = Pick<NewCommand, 'arguments' | 'wantedVersion' | 'decisionSequence' | 'payload' | 'fPort' | 'confirmed'>

const displayCommand = (row: DisplayStateRow): Content => ({
  arguments: { situation: row.wantedSituation, color: row.wantedColor, pattern: row.wantedPattern },
  wantedVersion: row.wantedVersion,
  decisionSequence: row.decisionSequence,
  payload: row.wantedPayload ?? '',
  fPort: row.wantedFPort ?? 0,
  confirmed: row.wantedConfirmed,
})

function ownCommand(row: DisplayStateRow, kind: 'setup' | 'request_status'): Content {
  const bytes = ownBytes(row.model, kind)
  return {
    arguments: {},
    wantedVersion: null,
    decisionSequence: null,
    payload: bytes?.payloadHex ?? '',
    fPort: bytes?.fPort ?? 0,
    confirmed: false,
  }
}

function resultOf(row: DisplayStateRow, { commandId, kind, origin }: OpenCommandInput, reason: Refusal | null): OpenResult {
  return {
    gone: false,
    profile: profileOf(row),
    opened: reason === null,
    reason,
    commandId,
    kind,
    version: row.wantedVersion,
    rank: rankOf(row.wantedSituation, origin),
    look: kind === 'display' ? lookOfPayload(row.model, row.wantedPayload, row.wantedFPort) : null,
  }
}
