/** The environment of each program of the product: what the operator set, completed by what was started and made here (OPS § 5). */
import { LOOPBACK } from '../services/service'
import type { Ports } from '../ports'
import type { Secrets } from '../secrets'
import { withVariables } from '../variables'
import type { Endpoints } from './endpoints'

/** What every process and command of the product is told. */
export interface CommonInput {
  readonly env: NodeJS.ProcessEnv
  readonly endpoints: Endpoints
  readonly secrets: Secrets
  readonly front: Front
  readonly dataPath: string
}

export interface ProductInput extends CommonInput {
  readonly ports: Ports
}

/** The one port that people use (OPS § 3). */
export interface Front {
  readonly host: string
  readonly port: number
  readonly url: string
}

type Values = Record<string, string | undefined>

/** Given to the one-shot commands; only they may use the owner's role. */
export function commandEnvironment(input: CommonInput): NodeJS.ProcessEnv {
  const { database } = input.endpoints
  return withVariables(commonEnvironment(input), {
    DATABASE_ADMIN_URL: database.adminUrl ?? undefined,
    DATABASE_OWNER_URL: database.ownerUrl,
    PARKING_OWNER_PASSWORD: input.secrets.ownerPassword,
    PARKING_APP_PASSWORD: input.secrets.appPassword,
  })
}

export function apiEnvironment(input: ProductInput): NodeJS.ProcessEnv {
  const { env, endpoints, ports, front, secrets } = input
  return withVariables(commonEnvironment(input), {
    PORT: String(front.port),
    HOST: front.host,
    CORS_ORIGINS: env['CORS_ORIGINS'] ?? `http://localhost:3000,http://localhost:${front.port}`,
    METRICS_PORT: String(ports.apiMetrics),
    METRICS_TOKEN: env['METRICS_TOKEN'] ?? secrets.metricsToken,
    TEMPORAL_UI_URL: endpoints.temporalUiUrl ?? undefined,
    LOCAL_METRICS_URLS: [ports.listenerMetrics, ports.workerMetrics].map((port) => `http://${LOOPBACK}:${port}/metrics`).join(','),
  })
}

export function listenerEnvironment(input: ProductInput): NodeJS.ProcessEnv {
  const { endpoints, ports } = input
  return withVariables(commonEnvironment(input), {
    HEALTH_PORT: String(ports.listenerHealth),
    METRICS_PORT: String(ports.listenerMetrics),
    MQTT_URL: endpoints.mqttUrl,
    MQTT_USERNAME: endpoints.mqttUsername,
    MQTT_PASSWORD: endpoints.mqttPassword,
  })
}

export function workerEnvironment(input: ProductInput): NodeJS.ProcessEnv {
  const { ports } = input
  return withVariables(commonEnvironment(input), { HEALTH_PORT: String(ports.workerHealth), METRICS_PORT: String(ports.workerMetrics) })
}

/** `worldFile`: who exists on the network server before the first call. */
export function simulatorEnvironment(input: ProductInput, worldFile: string): NodeJS.ProcessEnv {
  const { env, endpoints, ports } = input
  return withVariables(commonEnvironment(input), {
    SIM_GRPC_PORT: String(ports.networkServer),
    SIM_CONTROL_PORT: String(ports.simulatorControl),
    SIM_WORLD: worldFile,
    MQTT_URL: endpoints.simulatorMqttUrl,
    SIMULATOR_SEED: env['SIMULATOR_SEED'] ?? '7',
    SIMULATOR_SPEED: env['SIMULATOR_SPEED'] ?? '1',
  })
}

/** Locally nobody balances load, so a stop need not wait for a balancer to notice. */
const LOCAL_STOP = { DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '5' } as const

function commonEnvironment(input: CommonInput): NodeJS.ProcessEnv {
  const { env, endpoints, secrets, front, dataPath } = input
  const values: Values = {
    NODE_ENV: env['NODE_ENV'] ?? 'development',
    PARKING_DATA_DIR: dataPath,
    PUBLIC_URL: env['PUBLIC_URL'] ?? front.url,
    DATABASE_URL: endpoints.database.appUrl,
    REDIS_URL: endpoints.redisUrl,
    TEMPORAL_ADDRESS: endpoints.temporalAddress,
    TEMPORAL_NAMESPACE: env['TEMPORAL_NAMESPACE'] ?? 'parking',
    CHIRPSTACK_URL: endpoints.chirpstackUrl,
    CHIRPSTACK_API_TOKEN: endpoints.chirpstackApiToken,
    SIM_CONTROL_PORT: endpoints.simulatorControlPort?.toString(),
    JWT_SECRET: ownOr(env, 'JWT_SECRET', secrets.jwtSecret),
    ENCRYPTION_KEY: ownOr(env, 'ENCRYPTION_KEY', secrets.encryptionKey),
    LOG_PRETTY: env['LOG_PRETTY'] ?? 'true',
    DRAIN_SECONDS: env['DRAIN_SECONDS'] ?? LOCAL_STOP.DRAIN_SECONDS,
    SHUTDOWN_SECONDS: env['SHUTDOWN_SECONDS'] ?? LOCAL_STOP.SHUTDOWN_SECONDS,
  }
  const { DATABASE_OWNER_URL: _owner, DATABASE_OWNER_URL_FILE: _file, ...serving } = env // what serves never sees the owner's password
  return withVariables(serving, values)
}

/** Undefined when the secret comes as a file, which then stays as it is. */
function ownOr(env: NodeJS.ProcessEnv, name: string, made: string): string | undefined {
  return env[name] || (env[`${name}_FILE`] ? undefined : made)
}
