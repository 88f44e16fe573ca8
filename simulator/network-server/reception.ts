/** How gateways hear an uplink: which, how well, and as which rxInfo (LW-082, LW-168). */
import { withoutDefaults } from './events'
import { isGatewayUp } from './gateways'
import type { Simulation } from './simulation'
import type { GatewayRecord } from './state'

/** Weakest and strongest long-term signal of a device at a gateway in its reach, dBm. */
const WEAKEST_RSSI = -112
const STRONGEST_RSSI = -62
/** Noise of the band, roughly, in dBm: SNR = RSSI − noise, cut to what a radio reports. */
const NOISE_DBM = -117
const MAX_SNR_DB = 13.5

export interface Reception {
  readonly gateway: GatewayRecord
  readonly rssi: number
  readonly snr: number
}

/** Best first: highest SNR, then RSSI, then lowest id. Empty = nobody heard it. */
export function receptionsOf(simulation: Simulation, devEui: string, gatewayIds: readonly string[]): readonly Reception[] {
  const { draws, faults, state } = simulation
  if (faults.strike('radio.uplink_loss', { dev_eui: devEui })) return []
  const up = gatewayIds.flatMap((id) => state.gateways.get(id) ?? []).filter((gateway) => isGatewayUp(simulation, gateway))
  const heard = up.map((gateway) => {
    const id = gateway.message.getGatewayId()
    const rssi = baseRssi(id, devEui) + draws.integer([devEui, `fading ${id}`], -3, 3)
    return { gateway, rssi, snr: Math.min(MAX_SNR_DB, (rssi - NOISE_DBM) / 2) }
  })
  return heard.sort(
    (a, b) => b.snr - a.snr || b.rssi - a.rssi || a.gateway.message.getGatewayId().localeCompare(b.gateway.message.getGatewayId()),
  )
}

/** The same for a pair of device and gateway whatever was drawn before: where they stand does not change. */
function baseRssi(gatewayId: string, devEui: string): number {
  const spread = STRONGEST_RSSI - WEAKEST_RSSI
  const mixed = [...`${gatewayId}${devEui}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
  return WEAKEST_RSSI + (mixed % (spread + 1))
}

export interface RadioFrame {
  readonly devEui: string
  readonly dr: number
  /** `time` of the reception as text. */
  readonly time: string
  readonly uplinkId: number
  readonly channel: number
}

export const rxInfoOf = (receptions: readonly Reception[], { time, uplinkId, channel }: RadioFrame): readonly object[] =>
  receptions.map(({ gateway, rssi, snr }) => {
    const location = gateway.message.getLocation()
    return withoutDefaults({
      gatewayId: gateway.message.getGatewayId(),
      uplinkId,
      gwTime: time,
      nsTime: time,
      rssi,
      snr,
      channel,
      location: location && { latitude: location.getLatitude(), longitude: location.getLongitude() },
      context: Buffer.from(gateway.message.getGatewayId().slice(0, 8), 'hex').toString('base64'),
      crcStatus: 'CRC_OK',
    })
  })

export function txInfoOf({ region }: Simulation, { dr, channel }: RadioFrame): object {
  const { frequencies, bandwidth, spreadingFactorByDr } = region.uplink
  const lora = { bandwidth, spreadingFactor: spreadingFactorByDr[dr] ?? 12, codeRate: 'CR_4_5' }
  return { frequency: frequencies[channel % frequencies.length], modulation: { lora } }
}
