/** The real Temporal server and its UI as children of the local stack (OPS-013). */
import { join } from 'node:path'
import type { ServiceInfo } from '../run-file'
import { writeOwnerOnly } from '../secrets'
import { waitFor } from '../wait-for'
import { isServing, WORKFLOW_SERVICE } from './grpc-health'
import { LOOPBACK, type StartContext } from './service'
import { TEMPORAL_UI_VERSION, type TemporalPrograms } from './temporal-binaries'
import type { TemporalServices } from './temporal-cli'
import { temporalConfig, temporalUiConfig } from './temporal-config'
import { prepareTemporalDatabases } from './temporal-schema'

const READY_TIMEOUT_MS = 90_000
const UI_READY_TIMEOUT_MS = 20_000
const SHARDS = 4

/** `adminUrl`: superuser of the stack's PostgreSQL. Resolves when both answer; the server's URL is `host:port`. */
export async function startTemporal(tool: TemporalPrograms, adminUrl: string, context: StartContext): Promise<TemporalServices> {
  const temporal = await startServer(tool, adminUrl, context)
  return { temporal, temporalUi: await startUi(tool, context) }
}

async function startServer(tool: TemporalPrograms, adminUrl: string, context: StartContext): Promise<ServiceInfo> {
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
  await waitFor(() => isServing(address, WORKFLOW_SERVICE), { what: 'Temporal', timeoutMs: READY_TIMEOUT_MS, signal, giveUpIf })
  return { name: 'temporal', url: address, source: tool.source, version: tool.version }
}

async function startUi(tool: TemporalPrograms, context: StartContext): Promise<ServiceInfo> {
  const { data, ports, supervisor, signal } = context
  writeOwnerOnly(join(data.temporal, 'ui.yaml'), temporalUiConfig(ports))
  supervisor.run({
    name: 'temporal-ui',
    command: tool.ui,
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
  return { name: 'temporal-ui', url, source: tool.source, version: TEMPORAL_UI_VERSION }
}
