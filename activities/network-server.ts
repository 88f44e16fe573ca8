/** The one way to a LoRaWAN network server (LW-001): what the product asks of it, in its own words. Adapters stand beside. */
import type { Instant } from '#domain/shared/instant'

export interface QueueItem {
  readonly queueItemId: string
  readonly fPort: number
  readonly payloadHex: string
  readonly confirmed: boolean
  readonly isPending: boolean
  /** To the millisecond: the attempt's fingerprint (LW-052). */
  readonly expiresAt: Instant | null
}

export interface NewQueueItem {
  readonly devEui: string
  readonly fPort: number
  readonly payloadHex: string
  readonly confirmed: boolean
  readonly expiresAt: Instant
}

export interface RemoteGatewayView {
  readonly gatewayEui: string
  readonly state: 'online' | 'offline' | 'never_seen'
  readonly lastSeenAt: Instant | null
}

/**
 * Why a call failed, as far as it matters (LW-026 … 029, LW-054):
 * `refused` will be refused again · `absent` the object is not there · `unauthenticated` the token is not taken ·
 * `not_sent` nothing reached the server · `ambiguous` it may have done it.
 */
export type NetworkFailureKind = 'refused' | 'absent' | 'unauthenticated' | 'not_sent' | 'ambiguous'

export class NetworkServerError extends Error {
  override readonly name = 'NetworkServerError'
  constructor(
    readonly kind: NetworkFailureKind,
    /** gRPC code by name; the server's own text is the message, for operators only (LW-026). */
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export type CheckResult = { readonly word: 'ok' | 'unauthenticated' | 'unavailable' | 'timeout'; readonly roundTripMs: number }

/** Every method throws NetworkServerError and nothing else. */
export interface NetworkServer {
  /** Puts one item into the device's queue after flushing what is not pending; returns the server's own id (LW-Q01, LW-Q03). */
  enqueue(item: NewQueueItem): Promise<string>
  queue(devEui: string): Promise<readonly QueueItem[]>
  isDeviceThere(devEui: string): Promise<boolean>
  listGateways(): Promise<readonly RemoteGatewayView[]>
  check(): Promise<CheckResult>
  close(): void
}
