/** One line and one measurement per request, by route template and never by path (H-61, H-62, OPS-171). */
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { ApiContext, ApiMiddleware } from './call'

export type HttpMetrics = Pick<Metrics, 'httpRequests' | 'httpDuration' | 'httpInFlight'>

/** Probes come every few seconds and say nothing new (OPS-155). */
const QUIET = /^\/(api\/)?(health|metrics)/

export function accessLog(log: Pick<Logger, 'info' | 'debug'>, metrics: HttpMetrics): ApiMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now()
    metrics.httpInFlight.inc()
    try {
      await next()
    } finally {
      metrics.httpInFlight.dec()
      record(ctx, (performance.now() - startedAt) / 1000, { log, metrics })
    }
  }
}

function record(ctx: ApiContext, seconds: number, { log, metrics }: { log: Pick<Logger, 'info' | 'debug'>; metrics: HttpMetrics }): void {
  const { endpoint, requestId, credential } = ctx.state
  metrics.httpRequests.inc({ method: ctx.method, endpoint, status: String(ctx.status) })
  metrics.httpDuration.observe({ method: ctx.method, endpoint }, seconds)
  const line = {
    request_id: requestId,
    method: ctx.method,
    endpoint,
    status: ctx.status,
    duration_ms: Math.round(seconds * 1_000_000) / 1000,
    ...(credential ? { tenant_id: credential.principal.tenantId, actor_id: credential.principal.userId } : {}),
  }
  log[QUIET.test(endpoint) ? 'debug' : 'info'](line, 'request')
}
