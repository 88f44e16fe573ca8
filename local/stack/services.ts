/** Starts the backing services in the order that they need each other. */
import type { ServiceInfo } from '../run-file'
import { startMosquitto } from '../services/mosquitto'
import { startPostgres } from '../services/postgres'
import { startRedis } from '../services/redis'
import type { StartContext } from '../services/service'
import { startTemporal, startTemporalUi } from '../services/temporal'
import type { Tools } from './obtain'

/** What runs, by the place it takes; null where nothing was to be started. */
export interface StartedServices {
  readonly postgres: ServiceInfo | null
  readonly redis: ServiceInfo | null
  readonly mqtt: ServiceInfo | null
  readonly temporal: ServiceInfo | null
  readonly temporalUi: ServiceInfo | null
}

/** Only Temporal needs PostgreSQL, so the rest starts beside it. */
export async function startServices(tools: Tools, context: StartContext): Promise<StartedServices> {
  const [redis, mqtt, onPostgres] = await Promise.all([
    told(context, tools.redis, (tool) => startRedis(tool, context)),
    told(context, tools.mqtt, (tool) => startMosquitto(tool, context)),
    startPostgresAndTemporal(tools, context),
  ])
  return { redis, mqtt, ...onPostgres }
}

async function startPostgresAndTemporal(
  tools: Tools,
  context: StartContext,
): Promise<Pick<StartedServices, 'postgres' | 'temporal' | 'temporalUi'>> {
  const postgres = await told(context, tools.postgres, (tool) => startPostgres(tool, context))
  const temporal = postgres && (await told(context, tools.temporal, (tool) => startTemporal(tool, postgres.url, context)))
  const temporalUi = await told(context, tools.temporalUi, (tool) => startTemporalUi(tool, context))
  return { postgres, temporal, temporalUi }
}

async function told<T>(context: StartContext, tool: T | null, start: (tool: T) => Promise<ServiceInfo>): Promise<ServiceInfo | null> {
  if (tool === null) return null
  const begun = Date.now()
  const info = await start(tool)
  context.say(`${info.name} ${info.version} (${info.source}) ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  return info
}

/** The order in which an orderly stop ends things: those that take in first, the truth last (OPS-005). */
export const STOP_ORDER = ['simulator', 'listener', 'api', 'worker', 'temporal-ui', 'temporal', 'mosquitto', 'redis', 'postgres'] as const
