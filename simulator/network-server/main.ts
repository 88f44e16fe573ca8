/** Entry of the simulator's process: the simulated network server, its cars and its control, from the environment. */
import { readFileSync } from 'node:fs'
import { startControlServer } from './control-http'
import { createSimulatedNetworkServer, type SimulatedNetworkServerOptions } from './create-simulated-network-server'
import type { World } from './world'

const DEFAULT_SEED = 7
const DEFAULT_SPEED = 1

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

function numberOf(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback)
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number from 0`)
  return value
}

const regionOf = (text: string | undefined): SimulatedNetworkServerOptions['region'] =>
  text?.toUpperCase() === 'US915' ? 'US915' : 'EU868'

/** The world file; SIM_ADMIN_TOKEN, when set, is the admin key instead of the file's. */
function readWorld(): World {
  const world = JSON.parse(readFileSync(required('SIM_WORLD'), 'utf8')) as World // written by our own demo data
  const admin = process.env['SIM_ADMIN_TOKEN']
  return admin ? { ...world, tokens: { ...world.tokens, admin } } : world
}

async function main(): Promise<void> {
  const journalPath = process.env['SIM_JOURNAL']
  const server = await createSimulatedNetworkServer({
    seed: numberOf('SIMULATOR_SEED', DEFAULT_SEED),
    carSpeed: numberOf('SIMULATOR_SPEED', DEFAULT_SPEED),
    grpcPort: numberOf('SIM_GRPC_PORT', 0),
    mqttUrl: required('MQTT_URL'),
    clock: 'real',
    region: regionOf(process.env['SIM_REGION']),
    world: readWorld(),
    ...(journalPath === undefined ? {} : { journalPath }),
  })
  const control = await startControlServer(server, numberOf('SIM_CONTROL_PORT', 0))
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: server.url, control: `http://127.0.0.1:${control.port}` })}\n`)

  async function stop(): Promise<void> {
    await control.close()
    await server.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
