/** Downlinks ordered over MQTT: errors are only lines of the server's log, here of the journal (LW-Q02, LW-160). */
import type { Downlinks } from './downlinks'
import type { NewQueueItem } from './queue'
import type { Simulation } from './simulation'
import type { DeviceRecord } from './state'

const TOPIC = /^application\/([^/]+)\/device\/([^/]+)\/command\/down$/

/** The JSON of `command/down`, unchecked members. */
interface CommandDown {
  readonly devEui?: unknown
  readonly id?: unknown
  readonly confirmed?: unknown
  readonly fPort?: unknown
  readonly data?: unknown
  readonly expiresAt?: unknown
}

export type HearMessage = (topic: string, payload: string) => void

export function createCommandsDown(simulation: Simulation, downlinks: Downlinks): HearMessage {
  const { clock, journal, state } = simulation
  return (topic, payload) => {
    const [, applicationId, eui] = TOPIC.exec(topic) ?? []
    if (applicationId === undefined || eui === undefined) return
    const devEui = eui.toLowerCase()
    const device = state.devices.get(devEui)
    const outcome = takeCommand(simulation, { device, devEui, applicationId, command: parse(payload) })
    journal.add({ type: 'command', at: clock.now(), devEui, outcome })
    if (device && outcome === 'queued') downlinks.wake(device)
  }
}

interface Addressed {
  readonly device: DeviceRecord | undefined
  readonly devEui: string
  readonly applicationId: string
  readonly command: CommandDown | null
}

/** `queued`, or why the command is ignored. */
function takeCommand({ draws }: Simulation, addressed: Addressed): string {
  const { device, devEui, command } = addressed
  const flaw = flawOf(addressed)
  if (flaw !== null || !device || !command) return flaw ?? 'ignored'
  const id = typeof command.id === 'string' && command.id !== '' ? command.id : draws.uuid(devEui, 'queue item')
  if (device.queue.find(id)) return 'duplicate key value violates unique constraint "device_queue_item_pkey"'
  device.queue.add(toItem(command, id))
  return 'queued'
}

function flawOf({ device, devEui, applicationId, command }: Addressed): string | null {
  if (!command) return 'not JSON'
  if (String(command.devEui).toLowerCase() !== devEui) return 'the payload is for another device than the topic'
  if (device?.message.getApplicationId() !== applicationId) return 'the device is not of this application'
  return portOf(command) === 0 ? 'FPort must be > 0' : null
}

/** Cut to 8 bits like over gRPC. */
const portOf = ({ fPort }: CommandDown): number => Number(fPort ?? 0) & 0xff

const toItem = (command: CommandDown, id: string): NewQueueItem => ({
  id,
  fPort: portOf(command),
  confirmed: command.confirmed === true,
  data: Buffer.from(String(command.data ?? ''), 'base64'),
  isEncrypted: false,
  fCntDown: 0,
  expiresAtMicros: typeof command.expiresAt === 'string' ? Date.parse(command.expiresAt) * 1_000 : null,
})

function parse(payload: string): CommandDown | null {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' ? value : null
  } catch {
    return null // ChirpStack logs it and goes on
  }
}
