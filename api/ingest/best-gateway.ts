/** Which gateway heard a frame best: highest SNR, then RSSI, then lowest id (LW-082, DOM-906). */
import { normaliseEui } from '#domain/shared/eui'
import type { BestGateway } from './normalised-event'
import { readNumber, ShapeError, type JsonObject } from './proto-json'

const RSSI_DBM = { min: -200, max: 0 }
const SNR_DB = { min: -30, max: 30 }

const within = (value: number, { min, max }: { min: number; max: number }) => (value >= min && value <= max ? value : null)

/** Absent RSSI is unknown (nobody hears at 0 dBm), absent SNR is 0 dB; implausible values become null and the reading is kept. */
function readReception(rx: JsonObject): BestGateway {
  const gatewayId = typeof rx['gatewayId'] === 'string' ? normaliseEui(rx['gatewayId']) : null
  if (gatewayId === null) throw new ShapeError('rxInfo.gatewayId must be an EUI')
  const rssi = rx['rssi'] === undefined || rx['rssi'] === null ? null : within(readNumber(rx, 'rssi'), RSSI_DBM)
  return { gatewayId, rssi, snr: within(readNumber(rx, 'snr'), SNR_DB) }
}

const descending = (a: number | null, b: number | null) => (b ?? -Infinity) - (a ?? -Infinity) || 0

/** Sort order, best first. */
export function compareGateways(a: BestGateway, b: BestGateway): number {
  return descending(a.snr, b.snr) || descending(a.rssi, b.rssi) || (a.gatewayId < b.gatewayId ? -1 : 1)
}

/** Every reception of a frame, best first, one per gateway. */
export function readGateways(rxInfo: readonly JsonObject[]): readonly BestGateway[] {
  const sorted = rxInfo.map(readReception).sort(compareGateways)
  return sorted.filter((gateway, index) => sorted.findIndex((other) => other.gatewayId === gateway.gatewayId) === index)
}
