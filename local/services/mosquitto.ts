/** The MQTT broker of the local stack: Mosquitto ≥ 2 with the settings of production (OPS-012, OPS-070). */
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { isRoot } from '../account'
import { EXIT, LocalError } from '../errors'
import type { ServiceInfo } from '../run-file'
import { writeOwnerOnly } from '../secrets'
import { waitFor } from '../wait-for'
import { mosquittoAcl, mosquittoConfig, mosquittoPasswords } from './mosquitto-config'
import { LOOPBACK, type FindContext, type Search, type StartContext, type Tool } from './service'
import { findSystemTool } from './system-tool'

const READY_TIMEOUT_MS = 15_000
const OLDEST_MAJOR = 2

export function findMosquitto(context: FindContext): Search<Tool> {
  return findSystemTool(
    {
      title: 'MQTT broker',
      pathVariable: 'MOSQUITTO_PATH',
      urlVariable: 'MQTT_URL',
      names: ['mosquitto'],
      packageName: 'mosquitto',
      versionArgs: ['-h'],
    },
    context,
  )
}

/** Resolves when both listeners take connections. Its URL is the one of user `local`. */
export async function startMosquitto(tool: Tool, context: StartContext): Promise<ServiceInfo> {
  assertNewEnough(tool)
  const { data, ports, secrets, supervisor, signal } = context
  const configFile = writeFiles(context)
  supervisor.run({
    name: 'mosquitto',
    command: tool.path,
    args: ['-c', configFile],
    cwd: data.mqtt,
    env: context.env,
    logFile: join(data.logs, 'mosquitto.log'),
    account: null,
    stopSignal: 'SIGTERM', // saves its sessions
    stopTimeoutMs: 4_000,
  })
  await waitFor(async () => (await acceptsConnections(ports.mqtt)) && acceptsConnections(ports.mqttWebsocket), {
    what: 'the MQTT broker',
    timeoutMs: READY_TIMEOUT_MS,
    signal,
    giveUpIf: () => supervisor.assertRunning('mosquitto'),
  })
  const url = mqttUrl('local', secrets.mqttLocalPassword, ports.mqtt)
  return { name: 'mqtt', url, source: tool.source, version: tool.version }
}

export function mqttUrl(user: string, password: string, port: number): string {
  return `mqtt://${user}:${password}@${LOOPBACK}:${port}`
}

function writeFiles(context: StartContext): string {
  const folder = context.data.mqtt
  const files = { folder, passwordFile: join(folder, 'passwords'), aclFile: join(folder, 'acl') }
  const configFile = join(folder, 'mosquitto.conf')
  writeOwnerOnly(files.passwordFile, mosquittoPasswords(context.secrets))
  writeOwnerOnly(files.aclFile, mosquittoAcl(context.mode))
  writeOwnerOnly(configFile, mosquittoConfig(files, context.ports, isRoot()))
  return configFile
}

function assertNewEnough(tool: Tool): void {
  if (Number.parseInt(tool.version, 10) >= OLDEST_MAJOR) return
  throw new LocalError(`MQTT broker: ${tool.path} is ${tool.version}, ${OLDEST_MAJOR}.0 or later is needed`, EXIT.notObtainable)
}

function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: LOOPBACK })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
