/** The load under which a fault strikes: uplinks at a rate, API readers, and the socket witness that the world keeps open (§ 3.2). */
import type { FaultWorld } from './world'
import type { Transmitter } from './uplink'

export interface LoadOptions {
  readonly transmitters: readonly Transmitter[]
  readonly uplinksPerSecond: number
  readonly readsPerSecond: number
  /** Of 1: how often a frame brings a new value. */
  readonly flipShare: number
}

export interface Load {
  /** Ends the load; resolves when the broker has acknowledged all of it. */
  stop(): Promise<void>
  readonly published: () => number
}

export const SMOKE_LOAD = { uplinksPerSecond: 60, readsPerSecond: 10, flipShare: 0.06 } as const

/** Beyond 20 flips an hour a sensor is suspect, and the model knows nothing of suspicion; the demo's own history may have flipped too. */
const MOST_FLIPS = 12
const TICK_MS = 50
const READS = ['/api/v6/spaces?page_size=20', '/api/v6/spaces/stats', '/api/v6/sites'] as const

/** Deterministic in what it sends and in which order; only the instants are the machine's. */
export function startLoad({ publisher, random, api }: FaultWorld, options: LoadOptions): Load {
  const { transmitters, uplinksPerSecond, readsPerSecond, flipShare } = options
  const pending: Promise<unknown>[] = []
  let published = 0
  let reads = 0
  const begun = Date.now()

  function publishOne(): void {
    const transmitter = transmitters[Math.floor(random() * transmitters.length)]
    if (transmitter === undefined) return
    const flips = random() < flipShare && transmitter.flips() < MOST_FLIPS
    published++
    pending.push(publisher.uplink(flips ? transmitter.flip() : transmitter.next(transmitter.occupied())))
  }

  const timer = setInterval(() => {
    const seconds = (Date.now() - begun) / 1_000
    while (published < seconds * uplinksPerSecond) publishOne()
    while (reads < seconds * readsPerSecond) void api.read(READS[reads++ % READS.length] ?? READS[0])
  }, TICK_MS)

  return {
    published: () => published,
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
    },
  }
}

/** Runs `act` under load and lets the load go on a little after it. */
export async function underLoad<T>(world: FaultWorld, transmitters: readonly Transmitter[], act: (load: Load) => Promise<T>): Promise<T> {
  const load = startLoad(world, { ...SMOKE_LOAD, transmitters })
  try {
    await reach(load, SMOKE_LOAD.uplinksPerSecond)
    const result = await act(load)
    await reach(load, load.published() + SMOKE_LOAD.uplinksPerSecond)
    return result
  } finally {
    await load.stop()
  }
}

async function reach(load: Load, count: number): Promise<void> {
  while (load.published() < count) await new Promise((resolve) => setTimeout(resolve, TICK_MS))
}
