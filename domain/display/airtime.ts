/** How long a LoRa frame is on the air, and how much of an hour a gateway may send for us (LW-101, LW-110, DOM-645). */

/** MHDR 1, FHDR 7, FPort 1, MIC 4. */
const FRAME_OVERHEAD_BYTES = 13
const PREAMBLE_SYMBOLS = 8 + 4.25
/** CR 4/5. */
const CODING_RATE = 1
/** From this symbol time on, radios use the low-data-rate optimisation. */
const SLOW_SYMBOL_SECONDS = 0.016
const HOUR_MS = 3_600_000

export interface Transmission {
  readonly payloadBytes: number
  /** 7–12. */
  readonly spreadingFactor: number
  readonly bandwidthHz: number
  readonly direction: 'up' | 'down'
}

/** Milliseconds on the air, explicit header, CR 4/5, CRC for uplinks only. Source: Semtech AN1200.13, lorawan.md §5. */
export function airtimeMs({ payloadBytes, spreadingFactor, bandwidthHz, direction }: Transmission): number {
  const symbolSeconds = 2 ** spreadingFactor / bandwidthHz
  const isSlow = symbolSeconds >= SLOW_SYMBOL_SECONDS ? 1 : 0
  const crcBits = direction === 'up' ? 16 : 0
  const bits = 8 * (payloadBytes + FRAME_OVERHEAD_BYTES) - 4 * spreadingFactor + 28 + crcBits
  const payloadSymbols = 8 + Math.max(0, Math.ceil(bits / (4 * (spreadingFactor - 2 * isSlow))) * (CODING_RATE + 4))
  return (PREAMBLE_SYMBOLS + payloadSymbols) * symbolSeconds * 1_000
}

export interface DownlinkRadio {
  readonly spreadingFactor: number
  readonly bandwidthHz: number
  /** Share of an hour in which the band may be used; null where no duty cycle applies. */
  readonly dutyCycle: number | null
}

/** RX2, the only window of class C. Source: LoRaWAN Regional Parameters RP002-1.0.4; EU868: ETSI EN 300 220 band P, 10 %. */
const RX2: Readonly<Record<string, DownlinkRadio>> = {
  EU868: { spreadingFactor: 12, bandwidthHz: 125_000, dutyCycle: 0.1 },
  US915: { spreadingFactor: 12, bandwidthHz: 500_000, dutyCycle: null },
  AU915: { spreadingFactor: 12, bandwidthHz: 500_000, dutyCycle: null },
  AS923: { spreadingFactor: 10, bandwidthHz: 125_000, dutyCycle: null },
  IN865: { spreadingFactor: 10, bandwidthHz: 125_000, dutyCycle: null },
  KR920: { spreadingFactor: 12, bandwidthHz: 125_000, dutyCycle: null },
}

/** A region nobody has told us about: as slow as the slowest, limited by rate only (DOM-645). */
const UNKNOWN_REGION: DownlinkRadio = { spreadingFactor: 12, bandwidthHz: 125_000, dutyCycle: null }

/** RX2 of a region by its name in any case (`EU868`, `eu868`). */
export const rx2Of = (region: string): DownlinkRadio => RX2[region.toUpperCase()] ?? UNKNOWN_REGION

/** What one downlink of `payloadBytes` costs at a region's RX2, in ms. */
export const downlinkCostMs = (payloadBytes: number, { spreadingFactor, bandwidthHz }: DownlinkRadio): number =>
  airtimeMs({ payloadBytes, spreadingFactor, bandwidthHz, direction: 'down' })

/** Of the duty cycle, what is ours; the rest is for join-accepts, MAC commands and others. */
const DEFAULT_AIRTIME_SHARE = 0.8

/** Our milliseconds in any hour through one gateway; null where no duty cycle applies (LW-110). */
export const hourlyBudgetMs = (radio: DownlinkRadio, airtimeShare: number = DEFAULT_AIRTIME_SHARE): number | null =>
  radio.dutyCycle === null ? null : HOUR_MS * radio.dutyCycle * airtimeShare

/** Whole frames of `frameMs` that fit into `budgetMs`. */
export const framesWithin = (budgetMs: number, frameMs: number): number => Math.floor(budgetMs / frameMs)
