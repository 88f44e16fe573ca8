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

export interface ServedSpace {
  readonly tenantId: string
  readonly spaceId: string
}

export interface GatewayNetworkPort {
  readGatewayStates(input: LinkRef): Promise<GatewayStates>
}

/** Database and Temporal; compare-and-set on the state, so a repeat changes nothing. */
export interface GatewayRowsPort {
  applyGatewayStates(
    /** A retry also hands back what earlier attempts of the same look have written. */
    input: LinkRef & { readonly states: GatewayStates; readonly lookedAt?: Instant },
  ): Promise<{ readonly changed: readonly ChangedGateway[]; readonly linkCameBack: boolean }>
  /** As many bays as fit in one attempt, in the order of tenant and bay; `next` is where to go on. */
  projectServedSpaces(input: {
    readonly changed: readonly ChangedGateway[]
    readonly after?: ServedSpace
  }): Promise<{ readonly projected: number; readonly next?: ServedSpace }>
  tellDisplays(input: {
    readonly changed: readonly ChangedGateway[]
    readonly linkBackFor: string | null
  }): Promise<{ readonly told: number }>
}
