/** Events of the simulated server as the core takes them: the shapes that ingest would make of them (LW-088). */
import { decode } from '#domain/codec/registry'
import type { LightReport, NetworkEvent } from '#domain/shared/outbox'

/** The members of an event body that the core reads. */
export interface EventBody {
  readonly time: string
  readonly deduplicationId?: string
  readonly devAddr?: string
  readonly fCnt?: number
  readonly fPort?: number
  readonly data?: string
  readonly queueItemId?: string
  readonly acknowledged?: boolean
  readonly gatewayId?: string
  readonly downlinkId?: number
  readonly code?: string
  readonly context?: { readonly queue_item_id?: string }
}

export interface HeardUplink {
  readonly devAddr: string
  readonly fCnt: number
  readonly deduplicationId: string
  readonly heardAt: number
  readonly fPort: number
  readonly bytes: Uint8Array
}

export const toUplink = ({ time, devAddr = '', fCnt = 0, deduplicationId = '', fPort = 0, data = '' }: EventBody): HeardUplink => ({
  ...{ devAddr, fCnt, deduplicationId, fPort },
  heardAt: Date.parse(time),
  bytes: Buffer.from(data, 'base64'),
})

/** A light's own status, or null for any other frame of it. */
export function toReport(model: string, { fPort, bytes, heardAt, deduplicationId, devAddr }: HeardUplink): LightReport | null {
  const decoded = decode({ model, fPort, bytes })
  if (!decoded.ok || decoded.value.kind !== 'light_status' || !decoded.value.color) return null
  const { color, on = 0, off = 0, received = 0, firmware = null } = decoded.value
  return { readingId: deduplicationId, color, on, off, counter: received, firmware, deviceClass: null, session: devAddr, at: heardAt }
}

type NetworkKind = NetworkEvent['kind']

const isNetworkKind = (kind: string): kind is NetworkKind => kind === 'txack' || kind === 'ack' || kind === 'log' || kind === 'join'

/** Null for kinds that a light's delivery does not hear. */
export function toNetworkEvent(kind: string, body: EventBody): NetworkEvent | null {
  if (!isNetworkKind(kind)) return null
  const queueItemId = body.queueItemId ?? body.context?.queue_item_id
  return {
    kind,
    key: [kind, queueItemId, body.downlinkId, body.deduplicationId, body.time].join(':'),
    at: Date.parse(body.time),
    ...(queueItemId === undefined ? {} : { queueItemId }),
    ...(body.acknowledged === undefined ? {} : { acknowledged: body.acknowledged }),
    ...(body.gatewayId === undefined ? {} : { gatewayId: body.gatewayId }),
    ...(body.code === undefined ? {} : { code: body.code }),
  }
}
