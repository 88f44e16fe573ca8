/** Entry of the api process: HTTP and sockets until it is told to stop (D-02). It wires and does nothing else. */
import type { Server } from 'node:http'
import { openProcessDatabase } from '#db/database'
import { watchServingRole } from '#db/serving-role'
import { ConfigError, EXIT_BAD_CONFIG, loadConfig } from '#runtime/config'
import { createLogger, type Logger } from '#runtime/logger'
import { createShutdown, listenForSignals, type Shutdown } from '#runtime/shutdown'
import { createMetricsServer } from '#runtime/status-server'
import { readBuildVersion } from '#runtime/version'
import { createApiHealth, createApiServer, createFeed, openConnections, waitForRedis } from './main-parts'

async function main(): Promise<void> {
  const config = loadConfig('api', process.env)
  const version = readBuildVersion()
  const log = createLogger({ service: 'api', version: version.version, level: config.logLevel, pretty: config.logPretty ?? false })
  const shutdown = createShutdown({ log, limitSeconds: config.drainSeconds + config.shutdownSeconds })
  listenForSignals(shutdown, log)
  const context = { config, log, version, isDraining: shutdown.isDraining }
  const database = openProcessDatabase(config, 'parking-api', log)
  const connections = openConnections(context, database.pool)
  void watchServingRole(database.pool, (reason) => stopFor(reason, shutdown, log))
  await waitForRedis(connections)
  const health = createApiHealth(context, connections)
  await health.start()
  const api = createApiServer(context, connections, health)
  const feed = createFeed(context, connections, api)
  feed.attach(api.server)
  const metricsServer = createMetricsServer(connections.metrics.text)
  await listen(metricsServer, config.metricsPort, config.host)
  await listen(api.server, config.port, config.host)
  const { redis, standingsSubscriber, feedSubscriber, temporal } = connections
  shutdown.add('drain', () => new Promise((resolve) => setTimeout(resolve, config.drainSeconds * 1000)))
  shutdown.add('sockets', () => feed.close())
  shutdown.add('http', () => closeServer(api.server))
  shutdown.add('metrics', () => closeServer(metricsServer))
  shutdown.add('health', () => health.stop())
  shutdown.add('standings', () => api.close())
  shutdown.add('redis', () => [redis, standingsSubscriber, feedSubscriber].forEach((client) => client.disconnect()))
  shutdown.add('temporal', () => temporal.close())
  shutdown.add('database', () => database.close())
  log.info({ port: config.port }, 'api ready')
}

function stopFor(reason: string, shutdown: Shutdown, log: Logger): void {
  log.error({ reason }, 'the api cannot serve')
  void shutdown.begin(reason, EXIT_BAD_CONFIG)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

/** Running requests finish; idle connections go at once (API-833). */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_BAD_CONFIG : 1)
})
