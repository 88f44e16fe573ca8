/** Commands to lights as answers show them (api-v6 § 13). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import { isoOrNull, presentTenant } from '../shared/present'
import { presentSteps, type AttemptRow, type DownlinkRow } from './steps'

export function presentDownlink(downlink: DownlinkRow, principal: UserPrincipal) {
  return {
    id: downlink.downlinkId,
    ...presentTenant(downlink, principal),
    device_id: downlink.deviceId,
    dev_eui: presentEui(downlink.devEui),
    space_id: downlink.spaceId,
    space_code: downlink.spaceCode,
    ...presentOrder(downlink),
    ...presentProgress(downlink),
    retry_of: downlink.retryOf,
    created_by: downlink.createdBy,
    workflow_id: downlink.workflowId,
  }
}

function presentOrder(downlink: DownlinkRow) {
  return {
    origin: downlink.origin,
    command: downlink.command,
    arguments: downlink.arguments,
    payload_hex: downlink.payloadHex,
    f_port: downlink.fPort,
    confirmed: downlink.confirmed,
    priority: downlink.priority,
    decision_sequence: downlink.decisionSequence,
    expires_at: isoOrNull(downlink.expiresAt),
  }
}

function presentProgress(downlink: DownlinkRow) {
  return {
    status: downlink.status,
    status_reason: downlink.statusReason,
    waiting_for: downlink.waitingFor,
    attempts: downlink.attempts,
    next_attempt_at: isoOrNull(downlink.nextAttemptAt),
    queue_item_id: downlink.queueItemId,
    f_cnt_down: downlink.fCntDown,
    gateway_id: downlink.gatewayEui === null ? null : presentEui(downlink.gatewayEui),
    proof: downlink.proof,
    queued_at: toIso(downlink.queuedAt),
    sent_at: isoOrNull(downlink.sentAt),
    transmitted_at: isoOrNull(downlink.transmittedAt),
    confirmed_at: isoOrNull(downlink.confirmedAt),
    ended_at: isoOrNull(downlink.endedAt),
    last_error: downlink.lastError,
  }
}

export function presentDownlinkDetail(
  { downlink, attempts }: { downlink: DownlinkRow; attempts: readonly AttemptRow[] },
  principal: UserPrincipal,
) {
  return { ...presentDownlink(downlink, principal), steps: presentSteps(downlink, attempts) }
}
