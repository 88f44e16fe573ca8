/** Entry of the simulator's process: the simulated network server and its control, from the environment. */
import { readFileSync } from 'node:fs'
import { startControlServer } from './control-http'
import { createSimulatedNetworkServer, type SimulatedNetworkServerOptions } from './create-simulated-network-server'
import type { World } from './world'

const DEFAULT_SEED = 7

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

function numberOf(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback)
  if (!Number.isFinite(value)) throw new Error(`${name} is not a number`)
  return value
}

const regionOf = (text: string | undefined): SimulatedNetworkServerOptions['region'] =>
  text?.toUpperCase() === 'US915' ? 'US915' : 'EU868'

async function main(): Promise<void> {
  const journalPath = process.env['SIM_JOURNAL']
  const server = await createSimulatedNetworkServer({
    seed: numberOf('SIMULATOR_SEED', DEFAULT_SEED),
    grpcPort: numberOf('SIM_GRPC_PORT', 0),
    mqttUrl: required('MQTT_URL'),
    clock: 'real',
    region: regionOf(process.env['SIM_REGION']),
    world: JSON.parse(readFileSync(required('SIM_WORLD'), 'utf8')) as World, // written by our own demo data
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
