/** Sends queue items: class C by a scheduler, class A in the window after an uplink; and hears the gateway's answer (LW-164, LW-Q05 to Q16). */
import { createGatewayLink, type Handover, type Receiver } from './gateway-link'
import { createNextDownlink } from './next-downlink'
import type { Publisher } from './publisher'
import type { Simulation } from './simulation'
import type { DeviceRecord } from './state'

/** Between two downlinks of one device, and after an uplink (LW-100). */
const LOCK_MS = 5_000
const TICK_MS = 1_000

export interface Downlinks {
  /** Something was queued: the class-C scheduler looks at its next tick. */
  wake(device: DeviceRecord): void
  /** An uplink was heard: locks the class-C scheduler; whether its class-A window may be used. */
  lockForUplink(device: DeviceRecord): boolean
  /** The class-A window after an uplink. */
  openWindow(device: DeviceRecord, dr: number): void
}

export interface DownlinkParts {
  readonly publisher: Publisher
  readonly receiverOf: (devEui: string) => Receiver | null
}

export function createDownlinks(simulation: Simulation, { publisher, receiverOf }: DownlinkParts): Downlinks {
  const { clock, region } = simulation
  const nextDownlink = createNextDownlink(simulation, publisher)
  const link = createGatewayLink(simulation, { publisher, receiverOf })

  function send(device: DeviceRecord, maxBytes: number, timing: Handover['timing']): void {
    if (!device.session) return
    const item = nextDownlink(device, maxBytes)
    if (!item) return
    device.lockedUntil = clock.now() + LOCK_MS
    link.handOver({ device, item, timing })
  }

  /** Class C comes only with a join, waits for the first uplink, and skips disabled devices, expiry included (LW-Q15, LW-Q16). */
  const mayPush = (device: DeviceRecord): boolean =>
    device.classEnabled === 'CLASS_C' &&
    !device.message.getIsDisabled() &&
    device.session?.hasUplink === true &&
    device.lockedUntil <= clock.now()

  const tick = createTicker(simulation, (device) => {
    if (mayPush(device)) send(device, region.rx2.maxBytes, 'immediately')
  })

  return {
    wake: tick.include,
    lockForUplink: (device) => {
      const wasFree = device.lockedUntil <= clock.now()
      device.lockedUntil = Math.max(device.lockedUntil, clock.now() + LOCK_MS)
      return wasFree
    },
    openWindow: (device, dr) => send(device, region.maxBytesByDr[dr] ?? region.rx2.maxBytes, 'delay'),
  }
}

interface Ticker {
  readonly include: (device: DeviceRecord) => void
}

/** Looks once a second at every device that has something queued; sleeps when none has. */
function createTicker({ clock, state }: Simulation, visit: (device: DeviceRecord) => void): Ticker {
  const waiting = new Set<string>()
  let isAwake = false

  function schedule(): void {
    if (isAwake || waiting.size === 0) return
    isAwake = true
    clock.at((Math.floor(clock.now() / TICK_MS) + 1) * TICK_MS, tick)
  }

  function tick(): void {
    isAwake = false
    for (const devEui of waiting) {
      const device = state.devices.get(devEui)
      if (!device || device.queue.items().length === 0) waiting.delete(devEui)
      else visit(device)
    }
    schedule()
  }

  return {
    include: (device) => {
      waiting.add(device.message.getDevEui())
      schedule()
    },
  }
}
