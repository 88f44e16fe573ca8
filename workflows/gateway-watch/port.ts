/** What a gateway watch needs done (H-03); `activities/gateway` does it. */
import type { Instant } from '#domain/shared/instant'

export interface LinkRef {
  readonly tenantId: string
  readonly linkId: string
}

export type RemoteGatewayState = 'online' | 'offline' | 'never_seen'

export interface RemoteGateway {
  readonly gatewayEui: string
  readonly state: RemoteGatewayState
  readonly lastSeenAt: Instant | null
}

/** Unreachable: nothing is concluded about gateways (DOM-701). */
export type GatewayStates =
  { readonly reachable: true; readonly gateways: readonly RemoteGateway[] } | { readonly reachable: false; readonly code: string }

export interface ChangedGateway {
  readonly tenantId: string
  readonly gatewayEui: string
  readonly to: RemoteGatewayState
}

export interface GatewayNetworkPort {
  readGatewayStates(input: LinkRef): Promise<GatewayStates>
}

/** Database and Temporal; compare-and-set on the state, so a repeat changes nothing. */
export interface GatewayRowsPort {
  applyGatewayStates(
    input: LinkRef & { readonly states: GatewayStates },
  ): Promise<{ readonly changed: readonly ChangedGateway[]; readonly linkCameBack: boolean }>
  projectServedSpaces(input: { readonly changed: readonly ChangedGateway[] }): Promise<{ readonly projected: number }>
  tellDisplays(input: {
    readonly changed: readonly ChangedGateway[]
    readonly linkBackFor: string | null
  }): Promise<{ readonly told: number }>
}
