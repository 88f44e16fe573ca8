/** What a demo consists of, as this room needs it; whoever makes the demo hands over data of this shape (OPS-023). */
import type { Decision } from '#domain/occupancy/types'

export interface SeedUser {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: string
}

export interface SeedSpace {
  readonly id: string
  readonly siteId: string
  readonly code: string
  readonly floor: string
  readonly zone: string
  readonly kind: string
}

export interface SeedSite {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly timezone: string
  readonly location: Readonly<Record<string, string | number>>
  readonly spaces: readonly SeedSpace[]
}

export interface SeedGateway {
  readonly id: string
  readonly eui: string
  readonly name: string
  readonly siteId: string
  readonly latitude: number
  readonly longitude: number
  readonly online: boolean
}

export interface SeedDevice {
  readonly id: string
  readonly eui: string
  readonly kind: 'sensor' | 'display'
  readonly name: string
  readonly model: string
  readonly manufacturer: string
  readonly spaceId: string | null
  readonly siteId: string | null
  readonly applicationId: string | null
  readonly config: Readonly<Record<string, unknown>>
}

export interface SeedNetwork {
  readonly chirpstackTenantId: string
  readonly applicationId: string
  readonly profiles: { readonly sensor: string; readonly display: string }
}

export interface SeedReading {
  readonly id: string
  readonly fCnt: number
  readonly heardAt: number
  readonly value: 'occupied' | 'free'
  readonly rssiDbm: number
  readonly snrDb: number
}

export interface SeedBayHistory {
  readonly devAddr: string
  readonly readings: readonly SeedReading[]
  readonly transitions: readonly {
    readonly sequence: number
    readonly previous: Decision | null
    readonly decision: Decision
    readonly reading: SeedReading
  }[]
  readonly stays: readonly { readonly startedAt: number; readonly endedAt: number | null }[]
  readonly lastHeardAt: number
}

export interface SeedTenant {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly type: 'platform' | 'customer' | 'trial'
  readonly tier: string
  readonly users: readonly SeedUser[]
  readonly sites: readonly SeedSite[]
  readonly gateways: readonly SeedGateway[]
  readonly devices: readonly SeedDevice[]
  readonly network: SeedNetwork | null
}

export interface SeedOptions {
  /** argon2id of the demo password; made by the caller, since this room hashes nothing. */
  readonly passwordHash: string
  readonly now: number
  /** A bay's past by its sensor; null for a sensor that was never heard. */
  readonly history: (tenant: SeedTenant, device: SeedDevice, gatewayEui: string) => SeedBayHistory | null
}
