/** What the simulated radio does in one region. Source: LoRaWAN Regional Parameters RP002-1.0.4. */

export interface Region {
  readonly id: string
  /** As in ChirpStack's profile: `CommonRegion`. */
  readonly name: 'EU868' | 'US915'
  readonly rx2: {
    readonly frequency: number
    readonly bandwidth: number
    readonly spreadingFactor: number
    readonly maxBytes: number
    readonly power: number
  }
  /** Bytes of application payload by uplink data rate, for the class-A window. */
  readonly maxBytesByDr: readonly number[]
  readonly uplink: { readonly frequencies: readonly number[]; readonly bandwidth: number; readonly spreadingFactorByDr: readonly number[] }
}

const REGIONS: Readonly<Record<Region['name'], Region>> = {
  EU868: {
    id: 'eu868',
    name: 'EU868',
    rx2: { frequency: 869_525_000, bandwidth: 125_000, spreadingFactor: 12, maxBytes: 51, power: 27 },
    maxBytesByDr: [51, 51, 51, 115, 222, 222],
    uplink: { frequencies: [868_100_000, 868_300_000, 868_500_000], bandwidth: 125_000, spreadingFactorByDr: [12, 11, 10, 9, 8, 7] },
  },
  US915: {
    id: 'us915_0',
    name: 'US915',
    rx2: { frequency: 923_300_000, bandwidth: 500_000, spreadingFactor: 12, maxBytes: 53, power: 27 },
    maxBytesByDr: [11, 53, 125, 242, 242],
    uplink: { frequencies: [902_300_000, 902_500_000, 902_700_000], bandwidth: 125_000, spreadingFactorByDr: [10, 9, 8, 7, 8] },
  },
}

export const regionOf = (name: Region['name']): Region => REGIONS[name]
