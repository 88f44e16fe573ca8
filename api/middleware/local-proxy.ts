/** Locally one port serves everything (OPS-034, OPS-035): paths of the Temporal UI and of the simulator's controls are passed on. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Context, Middleware } from 'koa'

export interface ProxyRoute {
  /** Requests whose path begins with this are passed on, e.g. `/dev/sim/`. */
  readonly prefix: string
  /** Where to, e.g. `http://127.0.0.1:18233`; loopback only, since production never mounts this. */
  readonly target: string
  /** What takes the place of the prefix; by default the prefix itself. */
  readonly replacement?: string
}

/** Headers that belong to one connection and are not passed on (RFC 9110 § 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-authorization',
  'host',
  'authorization',
  'cookie',
])

const forwardable = (headers: IncomingMessage['headers']): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))

function passOn(ctx: Context, url: URL): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = httpRequest(url, { method: ctx.method, headers: forwardable(ctx.req.headers) }, (answer) => {
      ctx.status = answer.statusCode ?? 502
      for (const [name, value] of Object.entries(forwardable(answer.headers))) if (value !== undefined) ctx.set(name, value)
      ctx.body = answer
      resolve()
    })
    outgoing.on('error', () => {
      ctx.status = 502 // the local service is not running; nothing of its address is told
      resolve()
    })
    ctx.req.pipe(outgoing)
  })
}

export function createLocalProxy(routes: readonly ProxyRoute[]): Middleware {
  return async (ctx, next) => {
    const route = routes.find(({ prefix }) => ctx.path.startsWith(prefix))
    if (route === undefined) return next()
    const path = (route.replacement ?? route.prefix) + ctx.path.slice(route.prefix.length)
    await passOn(ctx, new URL(path + ctx.search, route.target))
  }
}
