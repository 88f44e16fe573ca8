/** The small HTTP server of a process without an API: health on one port, metrics on the other (OPS-044, OPS-170). */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Health, HealthAnswer } from './health'

export interface StatusServerOptions {
  readonly health: Health
  readonly metricsText: () => Promise<string>
  readonly healthPort: number
  readonly metricsPort: number
  /** `NODE_ENV`: decides who may ask. */
  readonly environment: string
}

function send(response: ServerResponse, { status, body, retryAfterSeconds }: HealthAnswer): void {
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds))
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })

export function createMetricsServer(metricsText: () => Promise<string>): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    void metricsText().then((text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text))
  })
}

/** In a container the probes come from outside; on a developer's machine nobody else has to ask. */
const hostOf = (environment: string): string => (environment === 'production' ? '0.0.0.0' : '127.0.0.1')

export async function startStatusServer(options: StatusServerOptions): Promise<{ close(): Promise<void> }> {
  const { health } = options
  const host = hostOf(options.environment)
  const healthServer = createServer((request, response) => {
    if (request.url === '/health/live') return send(response, health.live())
    if (request.url === '/health/ready') return send(response, health.ready())
    if (request.url === '/health') return send(response, health.summary({}))
    response.writeHead(404).end()
  })
  const metricsServer = createMetricsServer(options.metricsText)
  await listen(healthServer, options.healthPort, host)
  await listen(metricsServer, options.metricsPort, host)
  return { close: async () => void (await Promise.all([close(healthServer), close(metricsServer)])) }
}
