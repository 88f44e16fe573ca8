/** The real Temporal server and its UI as children of the local stack (OPS-013). */
import { join } from 'node:path'
import type { ServiceInfo } from '../run-file'
import { writeOwnerOnly } from '../secrets'
import { waitFor } from '../wait-for'
import { isServing } from './grpc-health'
import { LOOPBACK, type StartContext } from './service'
import type { TemporalTool, TemporalUiTool } from './temporal-binaries'
import { temporalConfig, temporalUiConfig } from './temporal-config'
import { prepareTemporalDatabases } from './temporal-schema'

const READY_TIMEOUT_MS = 90_000
const UI_READY_TIMEOUT_MS = 20_000
const SHARDS = 4
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService'

/** `adminUrl`: superuser of the stack's PostgreSQL. Resolves when the frontend serves; the URL is its `host:port`. */
export async function startTemporal(tool: TemporalTool, adminUrl: string, context: StartContext): Promise<ServiceInfo> {
  const { data, ports, supervisor, signal } = context
  await prepareTemporalDatabases(tool, adminUrl, context)
  const configFile = join(data.temporal, 'server.yaml')
  writeOwnerOnly(
    configFile,
    temporalConfig({
      ports,
      database: `${LOOPBACK}:${ports.postgres}`,
      password: context.secrets.temporalPassword,
      dynamicConfigFile: join(context.root, 'ops', 'temporal', 'dynamic-local.yaml'),
      shards: SHARDS,
    }),
  )
  supervisor.run({
    name: 'temporal',
    command: tool.server,
    args: ['--config-file', configFile, '--allow-no-auth', 'start'],
    cwd: data.temporal,
    env: { PATH: context.env['PATH'], TZ: 'UTC' },
    logFile: join(data.logs, 'temporal.log'),
    account: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 6_000,
  })
  const address = `${LOOPBACK}:${ports.temporal}`
  const giveUpIf = (): void => supervisor.assertRunning('temporal')
  await waitFor(() => isServing(address, FRONTEND), { what: 'Temporal', timeoutMs: READY_TIMEOUT_MS, signal, giveUpIf })
  return { name: 'temporal', url: address, source: tool.source, version: tool.version }
}

export async function startTemporalUi(tool: TemporalUiTool, context: StartContext): Promise<ServiceInfo> {
  const { data, ports, supervisor, signal } = context
  writeOwnerOnly(join(data.temporal, 'ui.yaml'), temporalUiConfig(ports))
  supervisor.run({
    name: 'temporal-ui',
    command: tool.server,
    args: ['--root', data.temporal, '--config', '.', '--env', 'ui', 'start'],
    cwd: data.temporal,
    env: { PATH: context.env['PATH'] },
    logFile: join(data.logs, 'temporal-ui.log'),
    account: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 1_000,
  })
  const url = `http://${LOOPBACK}:${ports.temporalUi}/temporal/`
  const answers = async (): Promise<boolean> => (await fetch(url)).ok
  const giveUpIf = (): void => supervisor.assertRunning('temporal-ui')
  await waitFor(answers, { what: 'the Temporal UI', timeoutMs: UI_READY_TIMEOUT_MS, signal, giveUpIf })
  return { name: 'temporal-ui', url, source: tool.source, version: tool.version }
}
