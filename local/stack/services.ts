/** Starts the backing services in the order that they need each other. */
import type { ServiceInfo } from '../run-file'
import { startMosquitto } from '../services/mosquitto'
import { startPostgres } from '../services/postgres'
import { startRedis } from '../services/redis'
import type { StartContext } from '../services/service'
import { startTemporal } from '../services/temporal'
import { startTemporalCli } from '../services/temporal-cli'
import type { TemporalTool } from '../services/temporal-binaries'
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

type OnPostgres = Pick<StartedServices, 'postgres' | 'temporal' | 'temporalUi'>

async function startPostgresAndTemporal(tools: Tools, context: StartContext): Promise<OnPostgres> {
  const postgres = await told(context, tools.postgres, (tool) => startPostgres(tool, context))
  if (!tools.temporal || !postgres) return { postgres, temporal: null, temporalUi: null }
  return { postgres, ...(await startEngine(tools.temporal, postgres.url, context)) }
}

async function startEngine(tool: TemporalTool, adminUrl: string, context: StartContext): Promise<Omit<OnPostgres, 'postgres'>> {
  const begun = Date.now()
  const services = tool.kind === 'programs' ? await startTemporal(tool, adminUrl, context) : await startTemporalCli(tool, context)
  sayReady(context, services.temporal, begun)
  return services
}

async function told<T>(context: StartContext, tool: T | null, start: (tool: T) => Promise<ServiceInfo>): Promise<ServiceInfo | null> {
  if (tool === null) return null
  const begun = Date.now()
  const info = await start(tool)
  sayReady(context, info, begun)
  return info
}

function sayReady(context: StartContext, { name, version, source }: ServiceInfo, begun: number): void {
  context.say(`${name} ${version} (${source}) ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}

/** The order in which an orderly stop ends things: those that take in first, the truth last (OPS-005). */
export const STOP_ORDER = ['simulator', 'listener', 'api', 'worker', 'temporal-ui', 'temporal', 'mosquitto', 'redis', 'postgres'] as const
