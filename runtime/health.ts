/** What a process says of itself: checks run in the background, requests read the last result (OPS-150 to OPS-155). */
import type { BuildVersion } from './version'

export type CheckWord = 'ok' | 'degraded'
export type DependencyName = 'database' | 'redis' | 'migrations' | 'temporal' | 'mqtt' | 'chirpstack' | 'rate_limiter'

/** Resolves when the dependency answers; throws or takes over a second when it does not. */
export type Check = () => Promise<unknown>

export interface HealthOptions {
  readonly version: BuildVersion
  readonly checks: Readonly<Partial<Record<DependencyName, Check>>>
  /** Without these the process cannot do its own work (OPS-151). */
  readonly needed: readonly DependencyName[]
  readonly isDraining: () => boolean
  readonly now: () => number
  /** Told of each result, e.g. to set a gauge. */
  readonly onResult?: (name: DependencyName, ok: boolean) => void
}

export interface HealthAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

export interface Health {
  start(): Promise<void>
  stop(): void
  live(): HealthAnswer
  ready(): HealthAnswer
  /** `stats` and `features` are OPS-152's; the caller knows them. */
  summary(extra: Readonly<Record<string, unknown>>): HealthAnswer
}

const INTERVAL_MS = 5_000
const TIMEOUT_MS = 1_000
const STUCK_MS = 5_000
const RETRY_AFTER_SECONDS = 5

export function createHealth(options: HealthOptions): Health {
  const probe = createProbe(options)
  const timestamp = () => new Date(options.now()).toISOString()

  return {
    start: probe.start,
    stop: probe.stop,
    live() {
      const stuck = options.now() - probe.lastTick() > INTERVAL_MS + TIMEOUT_MS + STUCK_MS
      const loop = stuck ? 'stuck' : 'ok'
      return {
        status: stuck ? 503 : 200,
        body: { status: stuck ? 'stuck' : 'alive', timestamp: timestamp(), checks: { event_loop: loop } },
      }
    },
    ready() {
      const ready = !options.isDraining() && options.needed.every((name) => probe.results.get(name) === true)
      if (ready) return { status: 200, body: { status: 'ready', checks: words(probe.results) } }
      return { status: 503, body: { status: 'not_ready', checks: words(probe.results) }, retryAfterSeconds: RETRY_AFTER_SECONDS }
    },
    summary(extra) {
      const up = probe.results.get('database') !== false
      const healthy = [...probe.results.values()].every(Boolean)
      const status = up ? (healthy ? 'healthy' : 'degraded') : 'unhealthy'
      const { version, buildNumber } = options.version
      const body = { status, version, build: buildNumber, api: 'v6', timestamp: timestamp(), checks: words(probe.results), ...extra }
      return { status: up ? 200 : 503, body }
    },
  }
}

type Results = ReadonlyMap<DependencyName, boolean>

const words = (results: Results): Record<string, CheckWord> =>
  Object.fromEntries([...results].map(([name, ok]) => [name, ok ? 'ok' : 'degraded']))

/** Runs every check each five seconds, so that a probe of ours costs its caller nothing (OPS-155). */
function createProbe({ checks, now, onResult }: HealthOptions) {
  const results = new Map<DependencyName, boolean>()
  let lastTick = now()
  let timer: NodeJS.Timeout | undefined

  async function runOne([name, check]: [string, Check]): Promise<void> {
    const ok = await withinLimit(check)
    results.set(name as DependencyName, ok) // keys of `checks` are dependency names
    onResult?.(name as DependencyName, ok)
  }

  async function runAll(): Promise<void> {
    await Promise.all(Object.entries(checks).map(runOne))
    lastTick = now()
  }

  return {
    results,
    lastTick: () => lastTick,
    async start() {
      await runAll()
      timer = setInterval(() => void runAll(), INTERVAL_MS)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}

async function withinLimit(check: Check): Promise<boolean> {
  let limit: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => (limit = setTimeout(() => resolve(false), TIMEOUT_MS)))
  try {
    return await Promise.race([check().then(() => true as const), late])
  } catch {
    return false // why it is away is told by whoever uses it; here only whether
  } finally {
    clearTimeout(limit)
  }
}
