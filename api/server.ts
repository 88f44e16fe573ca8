/** Builds the Koa app and its HTTP server from what it depends on; the entry and the tests build the same one. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import Koa from 'koa'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import { accessLog } from './middleware/access-log'
import type { ApiState } from './middleware/call'
import { clientAddress } from './middleware/client-address'
import { cors } from './middleware/cors'
import { createLocalProxy, type ProxyRoute } from './middleware/local-proxy'
import { pipelineOf } from './middleware/pipeline'
import { problem } from './middleware/problem'
import { refuseRawly } from './middleware/refuse-rawly'
import { requestId } from './middleware/request-id'
import { createRouter, routeNotFound } from './middleware/router'
import { securityHeaders } from './middleware/security-headers'
import { transportLimits } from './middleware/transport-limits'
import { createRoutes, type Api, type RouteDeps } from './routes/create-routes'

export interface ServerDeps extends RouteDeps {
  readonly isProduction: boolean
  readonly trustedProxies: readonly string[]
  /** Local only; absent in production. */
  readonly localProxies?: readonly ProxyRoute[]
  readonly log: Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>
  readonly metrics: Pick<Metrics, 'httpRequests' | 'httpDuration' | 'httpInFlight' | 'authFailures' | 'redisErrors' | 'rateLimitRejections'>
}

export interface ApiServer extends Api {
  readonly server: Server
}

/** Headers and target together; each has its own limit above (API-059). */
const MAX_HEAD_BYTES = 24 * 1024
const HEADERS_TIMEOUT_MS = 10_000
/** Above the reader's own 30 s, so that a slow body is answered with words. */
const REQUEST_TIMEOUT_MS = 35_000
/** Above the proxy's (Q-TRP-61). */
const KEEP_ALIVE_MS = 65_000
const REQUESTS_PER_SOCKET = 1_000

export function createServer(deps: ServerDeps): ApiServer {
  const api = createRoutes(deps)
  const { isProduction, log, metrics } = deps
  const app = new Koa<ApiState>()
  app.use(requestId)
  app.use(accessLog(log, metrics))
  if (deps.localProxies !== undefined) app.use(createLocalProxy(deps.localProxies)) // before our headers: these pages have their own
  app.use(securityHeaders(isProduction))
  app.use(problem(log))
  app.use(clientAddress(deps.trustedProxies))
  app.use(transportLimits)
  app.use(cors(deps.settings.corsOrigins, new URL(deps.settings.publicUrl).origin))
  const pipeline = { authenticator: api.authenticator, limiter: api.limiter, metrics, checkAnswers: !isProduction }
  app.use(createRouter(api.routes, (route) => pipelineOf(route, pipeline)))
  app.use(routeNotFound)
  app.on('error', (error: unknown) => log.debug({ err: error }, 'response ended early')) // Koa's own: the client went away
  return { ...api, server: createListener(app.callback(), isProduction) }
}

function createListener(handle: RequestListener, isProduction: boolean): Server {
  const server = createHttpServer(
    {
      maxHeaderSize: MAX_HEAD_BYTES,
      requireHostHeader: false, // a middleware answers for it with words
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    handle,
  )
  server.maxRequestsPerSocket = REQUESTS_PER_SOCKET
  server.maxHeadersCount = 0 // counted and refused by a middleware; Node would drop the rest in silence
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuseRawly(error, socket, isProduction))
  return server
}
