/** Frames as networks deliver them: several times, out of order, from an old session, with a wrapped counter (Q-FLT-23, Q-FLT-24). */
import { until } from '../../harness/until'
import { shuffled } from '../random'
import type { Uplink } from '../uplink'
import type { FaultWorld } from '../world'
import { readBay, readReadings } from './bay'

const GATEWAYS = [
  { gatewayId: '0016c001f1aaaa01', rssi: -97, snr: -3.2 },
  { gatewayId: '0016c001f153a14c', rssi: -36, snr: 10.5 },
  { gatewayId: '0016c001f1dddd03', rssi: -120, snr: -12 },
] as const
const BETWEEN_COPIES_MS = 200
const COPIES = 5
const SPREAD_MS = 60_000
const LAST_16_BIT = 65_535

/** Q-FLT-23. */
export async function sameUplinkFiveTimes(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  const original = transmitter.flip({ receptions: GATEWAYS.slice(0, 1) })
  for (let copy = 0; copy < COPIES; copy++) {
    const reception = GATEWAYS[copy % GATEWAYS.length] ?? GATEWAYS[0]
    await world.publisher.uplink(heardBy(original, { ...reception, isNewToTheServer: copy % 2 === 1 }))
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_COPIES_MS)) // seconds apart in the field
  }
  const reading = await until(async () => {
    const found = (await readReadings(world, transmitter)).filter(({ fCnt }) => fCnt === original.fCnt)
    return found[0]?.repeatCount === COPIES - 1 && found
  })
  expect(reading).toEqual([
    expect.objectContaining({ gatewayEui: GATEWAYS[1].gatewayId, rssiDbm: GATEWAYS[1].rssi, snrDb: GATEWAYS[1].snr }),
  ])
}

interface HeardAgain {
  readonly gatewayId: string
  readonly rssi: number
  readonly snr: number
  /** The network server's own window is over: the same frame has another deduplication id. */
  readonly isNewToTheServer: boolean
}

/** The same frame, told with another gateway's reception. */
function heardBy(uplink: Uplink, { isNewToTheServer, ...reception }: HeardAgain): Uplink {
  const { rxInfo } = uplink.payload as { rxInfo: readonly object[] }
  const deduplicationId = isNewToTheServer ? crypto.randomUUID() : uplink.deduplicationId
  return { ...uplink, deduplicationId, payload: { ...uplink.payload, deduplicationId, rxInfo: [{ ...rxInfo[0], ...reception }] } }
}

/** Q-FLT-24: frames of one minute in any order; the newest counter decides. */
export async function outOfOrder(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  const now = Date.now()
  const frames = Array.from({ length: 8 }, (_, index) =>
    transmitter.next(index % 3 !== 0, { heardAt: now - SPREAD_MS + (index * SPREAD_MS) / 8 }),
  )
  for (const frame of shuffled(frames, world.random)) await world.publisher.uplink(frame)
  await until(async () => (await readReadings(world, transmitter)).length >= frames.length + 1)
}

/** Q-FLT-24: after a join the counter begins at 0; the old session's late frame is stored and changes nothing. */
export async function oldSessionAfterJoin(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  await world.publisher.uplink(transmitter.next(false))
  const kept = transmitter.flip()
  transmitter.beginSession()
  const fresh = transmitter.next(true)
  await world.publisher.uplink(fresh)
  await until(async () => (await readBay(world, transmitter))?.state === 'occupied')
  await world.publisher.uplink({ ...kept, payload: { ...kept.payload, data: (fresh.payload as { data: string }).data }, occupied: true })
  const late = await until(async () =>
    (await readReadings(world, transmitter)).find(({ devAddr, fCnt }) => devAddr === kept.devAddr && fCnt === kept.fCnt),
  )
  expect(late.verdict).toBe('late')
}

/** Q-FLT-24: 65535 → 0 in the same session is the next frame. */
export async function counterWraps(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  await world.publisher.uplink(transmitter.flip({ fCnt: LAST_16_BIT }))
  await until(async () => (await readBay(world, transmitter))?.state === 'occupied')
  transmitter.beginSession(transmitter.devAddr())
  await world.publisher.uplink(transmitter.flip({ fCnt: 5 })) // 0 is taken by the fleet's own first frame
  await until(async () => (await readBay(world, transmitter))?.state === 'free')
}
