/** The world file of the simulated network server: who exists before the first call (SIM_WORLD). Plain JSON, no secrets of anyone. */

/** Traffic of a site by hour; see `simulator/site`. */
export type SiteTraffic = 'office' | 'retail' | 'station' | 'residential'

export interface WorldTenant {
  readonly id: string
  readonly name: string
  /** Device quota; 0 or absent = none. */
  readonly maxDeviceCount?: number
}

export interface WorldApplication {
  readonly id: string
  readonly tenantId: string
  readonly name: string
}

export interface WorldProfile {
  readonly id: string
  readonly tenantId: string
  readonly name: string
  /** Model key of the hardware behind devices of this profile; without it devices made by gRPC stay silent. */
  readonly model?: string
  /** Displays by default: class C and queue flushed at join. */
  readonly supportsClassC?: boolean
  readonly flushQueueOnActivate?: boolean
  /** 10 by default. */
  readonly classCTimeoutSeconds?: number
  readonly uplinkIntervalSeconds?: number
  /** `status` events a day; 1 by default, 0 = never. */
  readonly deviceStatusPerDay?: number
  readonly tags?: Readonly<Record<string, string>>
}

export interface WorldDevice {
  /** 16 lower-case hex digits. */
  readonly devEui: string
  readonly name: string
  /** Model key of the codec registry; a model without a simulated unit stays silent until `/sim/uplinks`. */
  readonly model: string
  readonly applicationId: string
  readonly profileId: string
  readonly joinEui?: string
  /** 32 hex digits; drawn from the seed when absent. A unit joins only when the server holds the same key. */
  readonly appKey?: string
  /** False: the unit is powered on but the network server does not know it yet (provisioning, claim). True by default. */
  readonly registered?: boolean
  readonly siteKey?: string
  /** Bay on which the unit stands; sensors of a site with a bay see its cars. */
  readonly spaceCode?: string
  /** Gateways in reach; by default those of the device's site, else all of its tenant. */
  readonly gatewayIds?: readonly string[]
  /** Busylight: `5.6` by default; below 5.6 it cannot answer on request. */
  readonly firmware?: string
  /** TBMS100: seconds without motion until it says free; 300 by default. */
  readonly motionHoldSeconds?: number
  readonly tags?: Readonly<Record<string, string>>
}

export interface WorldGateway {
  /** 16 lower-case hex digits. */
  readonly gatewayId: string
  readonly tenantId: string
  readonly name: string
  readonly siteKey?: string
  readonly latitude?: number
  readonly longitude?: number
  /** True by default. */
  readonly online?: boolean
}

/** Cars of a site; without an entry its bays change only by `/sim/cars`. */
export interface WorldSite {
  readonly key: string
  readonly name: string
  /** IANA name: arrivals follow the site's own hours, also in DST nights. */
  readonly timeZone: string
  readonly traffic: SiteTraffic
}

/** API tokens as ChirpStack would have issued them. */
export interface WorldTokens {
  readonly admin: string
  /** A key of the first tenant that may only read. */
  readonly readOnly?: string
  readonly tenants?: readonly { readonly tenantId: string; readonly token: string }[]
}

export interface World {
  readonly tenants: readonly WorldTenant[]
  readonly applications: readonly WorldApplication[]
  readonly profiles: readonly WorldProfile[]
  readonly devices: readonly WorldDevice[]
  readonly gateways: readonly WorldGateway[]
  readonly sites?: readonly WorldSite[]
  readonly tokens: WorldTokens
}
