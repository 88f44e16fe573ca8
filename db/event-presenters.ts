/** One presenter per row of DOM-1010 ff.: allow-listed members in wire spelling, used for sockets and webhooks alike (DOM-1001). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentEui } from '#domain/shared/eui'
import { uuidV7 } from '#runtime/uuid'

interface Envelope {
  readonly tenantId: string
  /** When it became so, by the database's clock. */
  readonly at: Instant
}

const iso = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant))

interface EventShape extends Pick<FeedEvent, 'type' | 'channels' | 'data'> {
  readonly envelope: Envelope
}

const createEvent = ({ envelope, type, channels, data }: EventShape): FeedEvent => ({
  eventId: uuidV7(envelope.at),
  type,
  channels,
  tenantId: envelope.tenantId,
  at: envelope.at,
  data,
})

const spaceChannels = (siteId: string, spaceId: string) => ['spaces', `spaces:${siteId}`, `space:${spaceId}`]

export interface SpaceTransitionView extends Envelope {
  readonly spaceId: string
  readonly siteId: string
  readonly code: string
  readonly previousState: string
  readonly currentState: string
  readonly stateReason: string
  readonly stateUntil: Instant | null
  readonly sequence: number
  readonly validAt: Instant
  readonly recordedAt: Instant
  readonly display: { readonly situation: string; readonly color: string; readonly pattern: string }
}

/** DOM-1010: a transition. */
export function presentSpaceUpdate(view: SpaceTransitionView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'space:update',
    channels: spaceChannels(view.siteId, view.spaceId),
    data: {
      space_id: view.spaceId,
      site_id: view.siteId,
      code: view.code,
      previous_state: view.previousState,
      current_state: view.currentState,
      state_reason: view.stateReason,
      state_until: iso(view.stateUntil),
      sequence: view.sequence,
      valid_at: toIso(view.validAt),
      recorded_at: toIso(view.recordedAt),
      display: { situation: view.display.situation, color: view.display.color, pattern: view.display.pattern },
    },
  })
}

export interface LightLook {
  readonly color: string
  readonly pattern: string
}

export interface SpaceLightView extends Envelope {
  readonly spaceId: string
  readonly siteId: string
  readonly deviceId: string
  /** `wanted_version`: clients ignore what is older. */
  readonly version: number
  readonly desired: LightLook | null
  readonly reported: LightLook | null
  readonly proof: 'none' | 'transmitted' | 'acked' | 'reported'
  readonly downlinkId: string | null
}

/** DOM-1011: wanted, shown or proof of a bay's light changed. */
export function presentSpaceLight(view: SpaceLightView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'space:light',
    channels: spaceChannels(view.siteId, view.spaceId),
    data: {
      space_id: view.spaceId,
      device_id: view.deviceId,
      version: view.version,
      desired: view.desired,
      reported: view.reported,
      proof: view.proof,
      downlink_id: view.downlinkId,
    },
  })
}

export interface DeviceStatusView extends Envelope {
  readonly deviceId: string
  readonly devEui: string
  readonly kind: 'sensor' | 'display'
  readonly spaceId: string | null
  readonly status: string
  readonly lifecycleState: string
  readonly isOnline: boolean
  readonly lastSeenAt: Instant | null
  readonly batteryPercent: number | null
  readonly batteryVolts: number | null
  /** Present for a change of lifecycle or assignment (DOM-1021). */
  readonly transition?: { readonly from: string; readonly to: string }
}

/** DOM-1020, DOM-1021: silent, recovered, battery, suspect, heard, lifecycle. */
export function presentDeviceStatus(view: DeviceStatusView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'device:status',
    channels: ['devices'],
    data: {
      device_id: view.deviceId,
      dev_eui: presentEui(view.devEui),
      kind: view.kind,
      space_id: view.spaceId,
      status: view.status,
      lifecycle_state: view.lifecycleState,
      is_online: view.isOnline,
      last_seen_at: iso(view.lastSeenAt),
      battery_percent: view.batteryPercent,
      battery_volts: view.batteryVolts,
      ...view.transition,
    },
  })
}

export interface DownlinkView extends Envelope {
  readonly downlinkId: string
  readonly deviceId: string
  readonly spaceId: string | null
  readonly status: string
  readonly attempts: number
  readonly waitingFor: string | null
  readonly nextAttemptAt: Instant | null
  readonly proof: string | null
}

/** DOM-1040: a command's state changed. */
export function presentDownlinkUpdate(view: DownlinkView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'downlink:update',
    channels: ['downlinks'],
    data: {
      downlink_id: view.downlinkId,
      device_id: view.deviceId,
      space_id: view.spaceId,
      status: view.status,
      attempts: view.attempts,
      waiting_for: view.waitingFor,
      next_attempt_at: iso(view.nextAttemptAt),
      proof: view.proof,
    },
  })
}

export interface GatewayStatusView extends Envelope {
  readonly gatewayId: string
  readonly status: 'online' | 'offline' | 'never_seen'
  readonly since: Instant | null
  readonly affectedSpaces: number
}

/** DOM-1050: a gateway went or came (DOM-709). */
export function presentGatewayStatus(view: GatewayStatusView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'gateway:status',
    channels: ['gateways'],
    data: { gateway_id: view.gatewayId, status: view.status, since: iso(view.since), affected_spaces: view.affectedSpaces },
  })
}

export interface AlertView extends Envelope {
  readonly event: 'opened' | 'acknowledged' | 'closed'
  readonly alertId: string
  readonly kind: string
  readonly severity: string
  readonly subjectType: string
  readonly subjectId: string
  readonly siteId: string | null
  readonly spaceId: string | null
  readonly deviceId: string | null
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly evidence: Readonly<Record<string, unknown>>
}

/** DOM-1080: an alert was opened, acknowledged or closed. */
export function presentAlert(view: AlertView): FeedEvent {
  return createEvent({
    envelope: view,
    type: 'alert',
    channels: ['alerts'],
    data: {
      event: view.event,
      alert_id: view.alertId,
      kind: view.kind,
      severity: view.severity,
      subject_type: view.subjectType,
      subject_id: view.subjectId,
      site_id: view.siteId,
      space_id: view.spaceId,
      device_id: view.deviceId,
      opened_at: toIso(view.openedAt),
      closed_at: iso(view.closedAt),
      evidence: view.evidence,
    },
  })
}
