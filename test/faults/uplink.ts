/** Real ChirpStack up events of a sensor that nobody else drives: its sessions, its counters and its bytes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A sensor with a bay of its own, as the database knew it when the run began. */
export interface FleetSensor {
  readonly devEui: string
  readonly deviceId: string
  readonly tenantId: string
  readonly siteId: string
  readonly spaceId: string
  readonly lightEui: string | null
  readonly lightDeviceId: string | null
  readonly applicationId: string
}

export interface Reception {
  readonly gatewayId: string
  readonly rssi: number
  readonly snr: number
}

export interface Uplink {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly devEui: string
  readonly devAddr: string
  /** Ordinal of the session, for the reference model. */
  readonly session: number
  readonly fCnt: number
  readonly deduplicationId: string
  /** Epoch ms. */
  readonly heardAt: number
  readonly occupied: boolean | null
}

export interface UplinkChanges {
  readonly fCnt?: number
  readonly heardAt?: number
  readonly deduplicationId?: string
  readonly receptions?: readonly Reception[]
}

/** Browan TBMS100, port 102: status, battery 3.6 V, 20 °C, 4 minutes, count; bit 0 of the first byte says occupied. Source: Browan TABS reference. */
const FREE = '00bb340400dc7801'
const OCCUPIED = '01bb340400dc7801'
const SENSOR_PORT = 102
/** A port that only carries network commands: heard, no value. */
const MAC_PORT = 0
const CITY_MAST: Reception = { gatewayId: '0016c001f153a14c', rssi: -71, snr: 8.5 }

interface Vector {
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>> & { readonly deviceInfo: object; readonly rxInfo: readonly object[] }
}

const vectors = JSON.parse(readFileSync(join(__dirname, '../../domain/codec/vectors/chirpstack-events.json'), 'utf8')) as Vector[]
const template = vectors.find(({ id }) => id === 'up-full')

export interface Transmitter {
  readonly sensor: FleetSensor
  /** How often the value has changed: a sensor that flips too often is no longer believed. */
  readonly flips: () => number
  /** The value of the newest frame. */
  readonly occupied: () => boolean
  /** The next frame. `occupied` null: heard, but says nothing. */
  next(occupied: boolean | null, changes?: UplinkChanges): Uplink
  /** The next frame with the other value. */
  flip(changes?: UplinkChanges): Uplink
  /** From here on another session, counted from 0. `devAddr` absent: a new address, as after a join. */
  beginSession(devAddr?: string): void
  readonly devAddr: () => string
}

/** `addressBase`: eight hex digits that begin no address of another sender. */
export function createTransmitter(sensor: FleetSensor, addressBase: number): Transmitter {
  const state = { session: 0, devAddr: addressOf(addressBase, 0), fCnt: 0, occupied: false, flips: 0 }

  function next(occupied: boolean | null, changes: UplinkChanges = {}): Uplink {
    const fCnt = changes.fCnt ?? state.fCnt
    state.fCnt = Math.max(state.fCnt, fCnt) + 1
    if (occupied !== null && occupied !== state.occupied) {
      state.flips++
      state.occupied = occupied
    }
    return buildUplink(sensor, { occupied, ...changes, fCnt, session: state.session, devAddr: state.devAddr })
  }

  return {
    sensor,
    next,
    flips: () => state.flips,
    occupied: () => state.occupied,
    flip: (changes) => next(!state.occupied, changes),
    beginSession: (devAddr) => {
      state.session++
      state.fCnt = 0
      state.devAddr = devAddr ?? addressOf(addressBase, state.session)
    },
    devAddr: () => state.devAddr,
  }
}

const addressOf = (base: number, session: number): string => (base + session).toString(16).padStart(8, '0')

interface Frame extends UplinkChanges {
  readonly session: number
  readonly devAddr: string
  readonly fCnt: number
  readonly occupied: boolean | null
}

function buildUplink(sensor: FleetSensor, frame: Frame): Uplink {
  if (template === undefined) throw new Error('no published up event')
  const { devAddr, session, fCnt, occupied, heardAt = Date.now(), deduplicationId = crypto.randomUUID(), receptions = [CITY_MAST] } = frame
  const { devEui, applicationId } = sensor
  const bytes = occupied === null ? '' : occupied ? OCCUPIED : FREE
  const payload = {
    ...template.payload,
    ...{ deduplicationId, devAddr, fCnt, time: new Date(heardAt).toISOString(), data: Buffer.from(bytes, 'hex').toString('base64') },
    fPort: occupied === null ? MAC_PORT : SENSOR_PORT,
    deviceInfo: { ...template.payload.deviceInfo, devEui, applicationId },
    rxInfo: receptions.map((reception) => ({ ...template.payload.rxInfo[0], ...reception })),
  }
  return { topic: topicOf(sensor), payload, devEui, devAddr, session, fCnt, deduplicationId, heardAt, occupied }
}

export const topicOf = ({ applicationId, devEui }: Pick<FleetSensor, 'applicationId' | 'devEui'>, event = 'up'): string =>
  `application/${applicationId}/device/${devEui}/event/${event}`
