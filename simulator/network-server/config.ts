/** What the simulator's process reads from its environment, checked once at start. */

export interface SimulatorConfig {
  readonly seed: number
  /** 0 = no cars of their own accord. */
  readonly carSpeed: number
  /** 0 = any free port. */
  readonly grpcPort: number
  readonly controlPort: number
  readonly mqttUrl: string
  readonly region: 'EU868' | 'US915'
  /** Path of the world's JSON file. */
  readonly worldPath: string
  /** Replaces the file's admin key. */
  readonly adminToken: string | null
  readonly journalPath: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_SEED = 7
const DEFAULT_SPEED = 1

/** Throws with the variable's name. */
export function readSimulatorConfig(env: Environment): SimulatorConfig {
  return {
    seed: numberOf(env, 'SIMULATOR_SEED', DEFAULT_SEED),
    carSpeed: numberOf(env, 'SIMULATOR_SPEED', DEFAULT_SPEED),
    grpcPort: numberOf(env, 'SIM_GRPC_PORT', 0),
    controlPort: numberOf(env, 'SIM_CONTROL_PORT', 0),
    mqttUrl: required(env, 'MQTT_URL'),
    region: regionOf(env['SIM_REGION'] || 'EU868'),
    worldPath: required(env, 'SIM_WORLD'),
    adminToken: env['SIM_ADMIN_TOKEN'] || null,
    journalPath: env['SIM_JOURNAL'] || null,
  }
}

function required(env: Environment, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

function numberOf(env: Environment, name: string, fallback: number): number {
  const value = Number(env[name] || fallback)
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number from 0`)
  return value
}

function regionOf(text: string): SimulatorConfig['region'] {
  const name = text.toUpperCase()
  if (name !== 'EU868' && name !== 'US915') throw new Error('SIM_REGION must be EU868 or US915')
  return name
}
