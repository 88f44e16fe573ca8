/** Every environment variable the server processes read: type, default, and which of them carry secrets (OPS § 5, H-60). */
import { z } from 'zod'

const bool = z.enum(['true', 'false', 'on', 'off', '1', '0']).transform((text) => text === 'true' || text === 'on' || text === '1')
const int = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** Variables that may also be given as a file path in `X_FILE` (OPS-100). */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'MQTT_PASSWORD',
  'TEMPORAL_API_KEY',
  'CHIRPSTACK_API_TOKEN',
  'JWT_SECRET',
  'JWT_PREVIOUS_SECRET',
  'ENCRYPTION_KEY',
  'METRICS_TOKEN',
] as const

const common = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_MAX: int(1, 500).default(20),
  DATABASE_POOL_WAIT_MS: int(10, 60_000).default(2_000),
  DATABASE_STATEMENT_TIMEOUT_MS: int(100, 600_000).default(5_000),
  DATABASE_LOCK_TIMEOUT_MS: int(100, 600_000).default(3_000),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('parking'),
  TEMPORAL_API_KEY: z.string().optional(),
  PLATFORM_TENANT_ID: z
    .uuid({ error: 'must be a UUID' })
    .or(z.literal('00000000-0000-0000-0000-000000000000'))
    .default('00000000-0000-0000-0000-000000000000'),
  METRICS_PORT: int(0, 65_535).default(9464),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_PRETTY: bool.optional(),
  DRAIN_SECONDS: int(0, 300).default(5),
  SHUTDOWN_SECONDS: int(1, 300).default(10),
  CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
}

const api = {
  PORT: int(0, 65_535).default(8000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().default('http://localhost:8000'),
  JWT_SECRET: z.string().min(32),
  JWT_PREVIOUS_SECRET: z.string().min(32).optional(),
  ENCRYPTION_KEY: z.string().min(32),
  ACCESS_TOKEN_TTL_SECONDS: int(60, 86_400).default(900),
  REFRESH_TOKEN_TTL_DAYS: int(1, 365).default(30),
  CORS_ORIGINS: list.default([]),
  TRUSTED_PROXIES: list.default([]),
  RATE_LIMIT_ENABLED: bool.default(true),
  METRICS_TOKEN: z.string().optional(),
  CHIRPSTACK_URL: z.url().optional(),
  SIM_CONTROL_PORT: int(0, 65_535).optional(),
  TEMPORAL_UI_URL: z.string().optional(),
  LOCAL_METRICS_URLS: list.default([]),
}

const listener = {
  HEALTH_PORT: int(0, 65_535).default(8081),
  MQTT_URL: z.url({ protocol: /^(mqtts?|tcp|wss?)$/ }),
  MQTT_USERNAME: z.string().optional(),
  MQTT_PASSWORD: z.string().optional(),
  MQTT_CA_FILE: z.string().optional(),
  MQTT_CLIENT_ID_PREFIX: z.string().min(1).default('parking-listener'),
  MQTT_CONNECTIONS: int(1, 128).default(32),
  MQTT_SHARED_GROUP: z.string().default('parking-ingest'),
  MQTT_EVENT_TOPIC: z.string().default('application/+/device/+/event/+'),
}

const worker = {
  HEALTH_PORT: int(0, 65_535).default(8081),
  CHIRPSTACK_URL: z.url(),
  CHIRPSTACK_API_TOKEN: z.string().optional(),
  CHIRPSTACK_CA_FILE: z.string().optional(),
  CHIRPSTACK_DEADLINE_MS: int(100, 60_000).default(5_000),
  WORKER_TASK_QUEUES: list.default(['core', 'delivery', 'network', 'ops']),
  WORKER_MAX_CACHED_WORKFLOWS: int(1, 1_000_000).optional(),
  WORKER_NETWORK_CONCURRENCY: int(1, 100).default(10),
}

export const CONFIG_SCHEMAS = {
  api: z.object({ ...common, ...api }),
  listener: z.object({ ...common, ...listener }),
  worker: z.object({ ...common, ...worker }),
} as const

export type ProcessKind = keyof typeof CONFIG_SCHEMAS
