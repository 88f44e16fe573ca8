/** Paths to operations: literal segments win, both spellings of the trailing slash, honest 404, 405, HEAD and OPTIONS (API-002 to API-004). */
import Router from '@koa/router'
import type { Method } from '#contract/operation'
import { DomainError } from '#domain/shared/domain-error'
import type { ApiContext, ApiMiddleware, Next, Route } from './call'

type Verbs = Map<Method, ApiMiddleware>

/** `pipeline` makes the middleware of one route; every alias of an operation shares it. */
export function createRouter(routes: readonly Route[], pipeline: (route: Route) => ApiMiddleware): ApiMiddleware {
  const paths = new Map<string, Verbs>()
  for (const route of routes) {
    const serve = pipeline(route)
    for (const { path, method } of [route.operation, ...route.operation.aliases]) add(paths, path, [method, serve])
  }
  const router = new Router({ sensitive: true })
  for (const [path, verbs] of [...paths].sort(([a], [b]) => (weight(a) < weight(b) ? -1 : 1)))
    router.all(toPattern(path), dispatch(path, verbs))
  const matched = router.routes() as unknown as ApiMiddleware // its own context type adds members that nobody here reads
  return async (ctx, next) => {
    await matched(ctx, next)
  }
}

function add(paths: Map<string, Verbs>, path: string, [method, serve]: readonly [Method, ApiMiddleware]): void {
  const verbs: Verbs = paths.get(path) ?? new Map<Method, ApiMiddleware>()
  if (verbs.has(method)) throw new Error(`${method} ${path} is declared twice`)
  paths.set(path, verbs.set(method, serve))
}

/** Sorts `/spaces/stats` before `/spaces/{id}`: at each place a literal comes first. */
const weight = (path: string): string => path.replace(/\{/g, '\uffff')
const toPattern = (path: string): string => path.replace(/\{([a-z_]+)\}/g, ':$1')

function dispatch(path: string, verbs: Verbs) {
  const allow = allowed(verbs)
  return async (ctx: unknown, next: Next): Promise<void> => {
    const context = ctx as ApiContext // @koa/router adds `params` to the same object
    context.state.endpoint = path
    const serve = verbs.get(verbOf(context.method))
    if (serve !== undefined) return void (await serve(context as Parameters<ApiMiddleware>[0], next))
    context.set('Allow', allow)
    if (context.method !== 'OPTIONS') throw new DomainError('request.method_not_allowed')
    context.status = 204
  }
}

const verbOf = (method: string): Method => (method === 'HEAD' ? 'get' : (method.toLowerCase() as Method))

function allowed(verbs: Verbs): string {
  const names = [...verbs.keys()].map((method) => method.toUpperCase())
  return [...names, ...(verbs.has('get') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ')
}

/** Whatever no route took. */
export const routeNotFound: ApiMiddleware = () => {
  throw new DomainError('request.route_not_found')
}
