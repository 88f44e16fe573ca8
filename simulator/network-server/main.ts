/** Entry of the simulator's process: the simulated network server, its cars and its control, from the environment. */
import { readFileSync } from 'node:fs'
import { readSimulatorConfig, type SimulatorConfig } from './config'
import { startControlServer } from './control-http'
import { createSimulatedNetworkServer } from './create-simulated-network-server'
import type { World } from './world'

function readWorld({ worldPath, adminToken }: SimulatorConfig): World {
  const world = JSON.parse(readFileSync(worldPath, 'utf8')) as World // written by our own demo data
  return adminToken === null ? world : { ...world, tokens: { ...world.tokens, admin: adminToken } }
}

const writeLine = (event: string, members: object): void => void process.stdout.write(`${JSON.stringify({ event, ...members })}\n`)

async function main(): Promise<void> {
  const config = readSimulatorConfig(process.env)
  const { seed, carSpeed, grpcPort, mqttUrl, region, journalPath } = config
  writeLine('starting', { seed, carSpeed, region })
  const server = await createSimulatedNetworkServer({
    ...{ seed, carSpeed, grpcPort, mqttUrl, region, clock: 'real', world: readWorld(config) },
    ...(journalPath === null ? {} : { journalPath }),
  })
  const control = await startControlServer(server, config.controlPort)
  writeLine('ready', { url: server.url, control: `http://127.0.0.1:${control.port}` })

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
