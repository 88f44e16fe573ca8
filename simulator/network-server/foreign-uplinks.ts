/** Uplinks that others publish under a unit's EUI: the unit goes on from their counter, so that a later frame is new (LW-153). */
import type { Units } from './hardware/units'
import type { HearMessage } from './commands-down'
import type { Simulation } from './simulation'

const TOPIC = /^application\/[^/]+\/device\/([^/]+)\/event\/up$/
/** Own events come back within moments; more need not be remembered. */
const REMEMBERED = 5_000

export interface ForeignUplinks {
  /** An event of our own, soon to be heard again. */
  sent(deduplicationId: string): void
  readonly hear: HearMessage
}

interface SeenUplink {
  readonly deduplicationId?: unknown
  readonly devAddr?: unknown
  readonly fCnt?: unknown
}

export function createForeignUplinks({ state }: Simulation, units: Units): ForeignUplinks {
  const own = new Set<string>()

  function remember(deduplicationId: string): void {
    own.add(deduplicationId)
    const [oldest] = own
    if (own.size > REMEMBERED && oldest !== undefined) own.delete(oldest)
  }

  function adopt(devEui: string, { devAddr, fCnt = 0 }: SeenUplink): void {
    if (typeof devAddr !== 'string' || typeof fCnt !== 'number') return
    units.get(devEui)?.adopt({ devAddr, fCnt })
    const device = state.devices.get(devEui)
    if (device) device.session = { devAddr, fCntUp: fCnt + 1, fCntDown: device.session?.fCntDown ?? 0, hasUplink: true }
  }

  return {
    sent: remember,
    hear: (topic, payload) => {
      const devEui = TOPIC.exec(topic)?.[1]?.toLowerCase()
      if (devEui === undefined) return
      const seen = parse(payload)
      if (seen && !own.has(String(seen.deduplicationId))) adopt(devEui, seen)
    },
  }
}

function parse(payload: string): SeenUplink | null {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' ? value : null
  } catch {
    return null // somebody tests the ingest with broken bytes; it is no frame of ours
  }
}
