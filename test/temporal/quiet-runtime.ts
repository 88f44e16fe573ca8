/** The SDK's runtime without its own lines: a test says by itself what went wrong. */
import { DefaultLogger, Runtime } from '@temporalio/worker'

let installed = false

/** Once per process: the runtime is the process's own. */
export function installQuietRuntime(): void {
  if (installed) return
  installed = true
  const logger = new DefaultLogger('ERROR', () => undefined)
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'OFF', forward: {} } }, shutdownSignals: [] })
}
