/** A command's next state, what the light is then known to show, its airtime, its alert (DOM-612…619, DOM-641, DOM-642, LW-111). */
import { downlinkCostMs, rx2Of } from '#domain/display/airtime'
import type { OutcomeRecord } from '#domain/display/light-records'
import type { CommandRow } from '#domain/display/light-rows'
import type { FeedEvent } from '#domain/shared/outbox'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { giveBackUnsent } from './give-back-unsent'

interface Recorded {
  readonly deviceId: string
  readonly record: OutcomeRecord
}

/** 10 min, then doubling to 6 h: when the reconcile pass looks at a dead letter again (DOM-642). */
const FIRST_RECONCILE_MS = 10 * 60_000
const LAST_RECONCILE_MS = 6 * 3_600_000
/** Highest `integer` of the database. */
const UNLIMITED = 2_147_483_647
/** These never went on air (LW-111). */
const NEVER_SENT = new Set(['expired', 'f_cnt_down', 'downlink.rejected', 'downlink.device_missing', 'downlink.payload_too_large'])

export async function recordCommandOutcome(
  deps: ActivityDeps,
  repositories: TenantRepositories,
  { deviceId, record }: Recorded,
): Promise<FeedEvent[]> {
  const { downlinks, lightFeed } = repositories
  const changed = await downlinks.change({
    commandId: record.commandId,
    attemptNo: record.attemptNo,
    to: record.to,
    reason: record.reason,
    nextAt: record.nextAt,
    proof: record.proof,
    gatewayEui: record.gatewayId,
    at: record.at,
  })
  if (changed === null) return []
  count(deps, record, changed)
  if (record.to !== 'queued') await giveBackUnsent(repositories, { ...record, outcome: record.reason ?? record.to })
  await settleAttempt(deps, repositories, { record, command: changed })
  const light = await followLight(repositories, { deviceId, record, command: changed })
  return [lightFeed.ofCommand(changed), ...light]
}

/** How commands end, how often they are tried again, and how long each stage takes (OPS § 6.3). */
function count({ metrics }: ActivityDeps, record: OutcomeRecord, command: CommandRow): void {
  if (record.to === 'queued') metrics.downlinkRetries.inc({ reason: record.reason ?? 'unknown' })
  else metrics.downlinkCommands.inc({ result: record.to })
  if (record.to === 'transmitted' && command.sentAt !== null)
    metrics.downlinkLatency.observe({ stage: 'transmit' }, (record.at - command.sentAt) / 1_000)
}

interface Followed {
  readonly record: OutcomeRecord
  readonly command: CommandRow
}

/** Gives back what was not used; moves the charge to the gateway and rate that really sent it. */
async function settleAttempt({ region }: ActivityDeps, repositories: TenantRepositories, { record, command }: Followed): Promise<void> {
  const { downlinkAttempts } = repositories
  const key = { commandId: record.commandId, attemptNo: record.attemptNo }
  const attempt = await downlinkAttempts.settle(key, record.reason ?? record.to, record.at)
  if (attempt?.chargedGatewayEui == null || attempt.chargedMs === null) return
  const charged = { gatewayEui: attempt.chargedGatewayEui, ms: attempt.chargedMs }
  if (record.reason !== null && NEVER_SENT.has(record.reason)) return giveBack(repositories, charged)
  if (record.to !== 'transmitted') return
  const real = realCharge(region, { record, command }, charged)
  if (real.gatewayEui === charged.gatewayEui && real.ms === charged.ms) return
  await giveBack(repositories, charged)
  await charge(repositories, real)
  await downlinkAttempts.recharge(key, real)
}

interface Charge {
  readonly gatewayEui: string
  readonly ms: number
}

function realCharge(region: string, { record, command }: Followed, charged: Charge): Charge {
  const gatewayEui = record.gatewayId ?? charged.gatewayEui
  if (record.spreadingFactor === null) return { gatewayEui, ms: charged.ms }
  const ms = Math.ceil(downlinkCostMs(command.payload.length / 2, { ...rx2Of(region), spreadingFactor: record.spreadingFactor }))
  return { gatewayEui, ms }
}

const giveBack = async ({ downlinkBudget }: TenantRepositories, { gatewayEui, ms }: Charge): Promise<void> =>
  void (await downlinkBudget.giveBack({ scope: 'gateway_airtime', key: gatewayEui, cost: ms }))

/** It was on air: counted whether or not there was room for it. */
const charge = async ({ downlinkBudget }: TenantRepositories, { gatewayEui, ms }: Charge): Promise<void> =>
  void (await downlinkBudget.take({ scope: 'gateway_airtime', key: gatewayEui, cost: ms, limit: UNLIMITED, windowSeconds: 3_600 }))

async function followLight(repositories: TenantRepositories, { deviceId, record, command }: Recorded & Followed): Promise<FeedEvent[]> {
  if (command.command === 'setup' || command.command === 'request_status') return []
  if (record.reason === 'cancelled' && command.wantedVersion !== null)
    await repositories.displayStates.dismiss(deviceId, command.wantedVersion)
  if (record.to === 'failed') return openDeadLetter(repositories, { deviceId, record, command })
  if (record.proof === null || (record.to !== 'transmitted' && record.to !== 'confirmed')) return []
  return showSent(repositories, { deviceId, record, command })
}

/** `txack` and `ack` say what the light was sent; neither is called delivered (DOM-634). */
async function showSent(
  { alerts, displayStates, lightFeed }: TenantRepositories,
  { deviceId, record, command }: Recorded & Followed,
): Promise<FeedEvent[]> {
  const { color, pattern } = command.arguments as { color?: string; pattern?: string } // written by openCommand
  await displayStates.markShown(deviceId, {
    color: color ?? null,
    pattern: pattern ?? null,
    at: record.at,
    proof: record.proof ?? 'transmitted',
  })
  await displayStates.planReconcile(deviceId, null)
  const closed = await alerts.close({ kind: 'downlink_dead_letter', subjectId: deviceId })
  return [...lightFeed.ofLight(await displayStates.find(deviceId), { downlinkId: command.commandId, at: record.at }), ...closed]
}

async function openDeadLetter(
  { alerts, displayStates, downlinks }: TenantRepositories,
  { deviceId, record, command }: Recorded & Followed,
): Promise<FeedEvent[]> {
  const inARow = await downlinks.failuresInARow(deviceId)
  const pause = Math.min(FIRST_RECONCILE_MS * 2 ** Math.min(Math.max(0, inARow - 1), 10), LAST_RECONCILE_MS)
  await displayStates.planReconcile(deviceId, record.at + pause)
  const row = await displayStates.find(deviceId)
  return alerts.open({
    kind: 'downlink_dead_letter',
    severity: 'critical',
    subjectType: 'device',
    subjectId: deviceId,
    siteId: row?.siteId ?? null,
    spaceId: command.spaceId,
    deviceId,
    evidence: { downlink_id: command.commandId, attempts: record.attemptNo, code: record.reason },
  })
}
