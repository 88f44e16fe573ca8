/** A Kuando Busylight: shows what it is told, counts what it hears, reports on its interval and when asked (LW-220, LW-240 to LW-245). */
import type { ColorCommand, DeviceCommand, Rgb } from '#domain/codec/command'
import { decodeDownlink } from '#domain/codec/registry'
import type { Cancel } from '../../clock'
import type { BehaviourFactory, UnitContext } from './behaviour'

const MODEL = 'plenom-busylight'
const PORT = 15
const DEFAULT_FIRMWARE = '5.6'
/** From this version on it can be asked for reports by command. */
const ASKABLE_FIRMWARE = 56
const DEFAULT_INTERVAL_MINUTES = 30
const MINUTE_MS = 60_000
/** `000035FF00`: dim green, steady. */
const POWER_UP_LOOK: Look = { color: { r: 0, g: 0x35, b: 0 }, on: 255, off: 0 }
const HARDWARE = 12

interface Look {
  readonly color: Rgb
  readonly on: number
  readonly off: number
}

interface Lamp {
  readonly context: UnitContext
  /** Tens and ones of the version. */
  readonly firmware: number
  look: Look
  received: number
  sent: number
  intervalMinutes: number
  answersEvery: boolean
  nextReport: Cancel
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase()

/** `RRGGBB/on/off`. */
export const lookText = ({ color: { r, g, b }, on, off }: Look): string => `${hexByte(r)}${hexByte(g)}${hexByte(b)}/${on}/${off}`

const littleEndian32 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff]

function report(lamp: Lamp): void {
  const { context, look, received, sent, firmware } = lamp
  const rssi = -context.draws.integer([context.device.devEui, 'lamp rssi'], 45, 90)
  const counters = [rssi, 8, received, sent].flatMap(littleEndian32)
  const { r, g, b } = look.color
  lamp.sent++
  context.send({ fPort: PORT, bytes: Uint8Array.from([...counters, r, b, g, look.on, look.off, firmware, HARDWARE, 1]) })
}

function reportByInterval(lamp: Lamp): void {
  lamp.nextReport()
  lamp.nextReport = lamp.context.later(lamp.intervalMinutes * MINUTE_MS, () => {
    report(lamp)
    reportByInterval(lamp)
  })
}

/** Within 1 to 5 s, if it does answer (OPS-024). */
function answer(lamp: Lamp): void {
  const { context } = lamp
  if (context.ignoresAsking()) return
  context.later(context.draws.integer([context.device.devEui, 'answer'], 1_000, 5_000), () => report(lamp))
}

function showColor(lamp: Lamp, { color, on = 255, off = 0 }: ColorCommand, queueItemId: string): void {
  lamp.look = { color, on, off }
  lamp.context.show(lookText(lamp.look), queueItemId)
}

/** Commands other than colours. */
function configure(lamp: Lamp, command: DeviceCommand): void {
  const isAskable = lamp.firmware >= ASKABLE_FIRMWARE
  if (command.type === 'answer_every_downlink' && isAskable) lamp.answersEvery = command.on
  if (command.type === 'request_status' && isAskable && !lamp.answersEvery) answer(lamp)
  if (command.type === 'status_interval') {
    lamp.intervalMinutes = command.minutes
    reportByInterval(lamp)
  }
}

function obey(lamp: Lamp, command: DeviceCommand, queueItemId: string): void {
  if (command.type !== 'color') return configure(lamp, command)
  showColor(lamp, command, queueItemId)
  if (command.answer && !lamp.answersEvery) answer(lamp)
}

/** A version such as `5.6` as the number that the lamp sends, 56. */
const firmwareNumber = (version: string): number => Math.round(Number(version) * 10)

export const createBusylight: BehaviourFactory = (context) => {
  const lamp: Lamp = {
    context,
    firmware: firmwareNumber(context.device.firmware ?? DEFAULT_FIRMWARE),
    look: POWER_UP_LOOK,
    received: 0,
    sent: 0,
    intervalMinutes: DEFAULT_INTERVAL_MINUTES,
    answersEvery: false,
    nextReport: () => undefined,
  }
  context.show(lookText(POWER_UP_LOOK), null)
  context.later(context.draws.integer([context.device.devEui, 'first frame'], 1_000, 3_000), () => report(lamp))
  reportByInterval(lamp)
  return {
    receive: ({ fPort, data, queueItemId }) => {
      if (lamp.sent === 0) return // takes commands only after its first uplink
      lamp.received++
      const command = decodeDownlink(MODEL, { fPort, bytes: data })
      if (command) obey(lamp, command, queueItemId)
      if (lamp.answersEvery) answer(lamp)
    },
  }
}
