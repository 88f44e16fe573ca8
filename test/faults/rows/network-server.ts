/** The network server away, hanging, cutting, and taking a command without saying so (Q-FLT-17, Q-FLT-18). */
import { until } from '../../harness/until'
import { acceptedItems, lookOf, lookOfPayload, readLights } from '../oracles/lights'
import type { Transmitter } from '../uplink'
import type { FaultWorld } from '../world'

const ENQUEUE = 'DeviceService/Enqueue'
const UNAVAILABLE = 14
/** Together the 30 s of the smoke. */
const EACH_MS = 10_000
const FOLLOW_MS = 60_000
const ALWAYS = [{ type: 'grpc.status', code: UNAVAILABLE }, { type: 'grpc.hang', ms: EACH_MS }, { type: 'grpc.reset' }] as const

/** Q-FLT-17: the bay changes while nobody can be told; after the return the newest colour is sent, and no stale one. */
export async function networkServerAway(world: FaultWorld): Promise<void> {
  const { publisher, simulator } = world
  const { bay, light } = await takeBayWithLamp(world)
  await publisher.uplink(bay.flip())
  await lightFollows(world, bay)
  const before = acceptedItems(await simulator.journal(), light).length
  for (const fault of ALWAYS) {
    await simulator.fault(fault)
    await publisher.uplink(bay.flip())
    await new Promise((resolve) => setTimeout(resolve, EACH_MS)) // the fault lasts, that is the row
    expect(await openCommands(world, bay)).toBeLessThanOrEqual(1)
    await simulator.clearFaults()
    if (fault !== ALWAYS.at(-1)) await simulator.fault({ type: 'grpc.status', code: UNAVAILABLE })
  }
  await lightFollows(world, bay)
  const sent = acceptedItems(await simulator.journal(), light).slice(before)
  expect(sent.length).toBeGreaterThan(0)
  expect(await versionsOf(world, sent)).toEqual([await newestVersion(world, light)])
}

/** Q-FLT-18: the command is in the queue and the call broke: the queue is read back, nothing is sent twice. */
export async function enqueueAnswerLost(world: FaultWorld): Promise<void> {
  const { publisher, simulator } = world
  const { bay, light } = await takeBayWithLamp(world)
  const before = acceptedItems(await simulator.journal(), light).length
  await simulator.fault({ type: 'grpc.reply_lost', times: 1, match: { method: ENQUEUE, dev_eui: light } })
  await publisher.uplink(bay.flip())
  await lightFollows(world, bay)
  expect(acceptedItems(await simulator.journal(), light)).toHaveLength(before + 1)
}

/** A bay whose lamp has power and has joined: before that a command only waits for it. */
export async function takeBayWithLamp({ fleet, simulator }: FaultWorld): Promise<{ bay: Transmitter; light: string }> {
  const [bay] = fleet.takeLit(1)
  const light = bay?.sensor.lightEui
  if (bay === undefined || light == null) throw new Error('no bay with a light')
  await until(async () => lookOf(await simulator.journal(), light) !== null, {
    timeoutMs: 40_000,
    everyMs: 500,
    what: `lamp ${light} with power`,
  })
  return { bay, light }
}

/** The lamp itself shows what is wanted. */
export async function lightFollows({ db, fleet, simulator }: FaultWorld, bay: Transmitter): Promise<void> {
  const { lightEui, spaceId } = bay.sensor
  if (lightEui === null) return
  const wanted = bay.occupied() ? 'red' : 'green'
  await until(
    async () => {
      const { lights } = await readLights(db, [lightEui], fleet.start.at)
      const payload = lights[0]?.wantedPayload
      if (payload == null || lights[0]?.wantedColor !== wanted) return false
      return lookOf(await simulator.journal(), lightEui) === lookOfPayload(payload)
    },
    { timeoutMs: FOLLOW_MS, everyMs: 300, what: `the light of space ${spaceId} ${wanted}` },
  )
}

async function openCommands({ db }: FaultWorld, { sensor }: Transmitter): Promise<number> {
  const text = `select count(*)::int as count from downlink_queue where dev_eui = $1 and status in ('queued', 'sent')`
  return (await db.query<{ count: number }>(text, [sensor.lightEui])).rows[0]?.count ?? 0
}

async function versionsOf({ db }: FaultWorld, queueItemIds: readonly string[]): Promise<number[]> {
  const text = `select distinct q.wanted_version::float8 as version from downlink_attempts a
                join downlink_queue q on q.tenant_id = a.tenant_id and q.id = a.command_id where a.queue_item_id::text = any($1)`
  return (await db.query<{ version: number }>(text, [queueItemIds])).rows.map(({ version }) => version)
}

async function newestVersion({ db }: FaultWorld, lightEui: string): Promise<number> {
  const text = 'select max(wanted_version)::float8 as version from downlink_queue where dev_eui = $1'
  return (await db.query<{ version: number }>(text, [lightEui])).rows[0]?.version ?? 0
}
