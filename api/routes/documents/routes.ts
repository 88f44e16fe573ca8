/** Health, metrics, the contract and its reference page (API-830 to API-836). */
import { timingSafeEqual } from 'node:crypto'
import { docsPage, docsScript, docsStyle, health, liveness, metrics, openApiDocument, problemPage, readiness } from '#contract/documents'
import { DomainError } from '#domain/shared/domain-error'
import type { Health, HealthAnswer } from '#runtime/health'
import { servePublic, type Answer, type PublicCall, type Route } from '../../middleware/call'
import { found } from '../shared/reads'
import { DOCS_CSP, DOCS_CSS, DOCS_HTML } from './docs-page'
import { DOCS_JS } from './docs-script'
import type { ProblemPages } from './problem-pages'

export interface DocumentRoutesDeps {
  readonly health: Pick<Health, 'live' | 'ready' | 'summary'>
  /** Members that OPS-152 adds to the summary: `stats`, `features`. */
  readonly healthExtra: () => Readonly<Record<string, unknown>>
  readonly metricsText: () => Promise<string>
  readonly metricsToken: string | undefined
  readonly isProduction: boolean
  readonly openApi: unknown
  readonly problemPages: ProblemPages
}

export function createDocumentRoutes(deps: DocumentRoutesDeps): Route[] {
  return [
    servePublic(health, async () => presentHealth(deps.health.summary(deps.healthExtra()))),
    servePublic(liveness, async () => presentHealth(deps.health.live())),
    servePublic(readiness, async () => presentHealth(deps.health.ready())),
    servePublic(metrics, async (call) => {
      assertScraper(call, deps)
      return text('text/plain; version=0.0.4; charset=utf-8', await deps.metricsText())
    }),
    servePublic(openApiDocument, async () => ({ body: deps.openApi })),
    servePublic(docsPage, async () => text('text/html; charset=utf-8', DOCS_HTML, { 'Content-Security-Policy': DOCS_CSP })),
    servePublic(docsScript, async () => text('text/javascript; charset=utf-8', DOCS_JS)),
    servePublic(docsStyle, async () => text('text/css; charset=utf-8', DOCS_CSS)),
    servePublic(problemPage, async ({ input: { params } }) =>
      text('text/markdown; charset=utf-8', found(deps.problemPages.find(params.code), 'error code')),
    ),
  ]
}

const presentHealth = ({ status, body, retryAfterSeconds }: HealthAnswer): Answer => ({
  status,
  body,
  headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
})

const text = (type: string, body: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  body,
  headers: { 'Content-Type': type, ...headers },
})

/** With a token: its bearer alone. Without: open locally, absent in production (OPS-170). */
function assertScraper({ headers }: PublicCall, { metricsToken, isProduction }: DocumentRoutesDeps): void {
  if (metricsToken === undefined) {
    if (isProduction) throw new DomainError('request.route_not_found')
    return
  }
  if (headers.authorization === undefined) throw new DomainError('auth.required')
  const given = Buffer.from(headers.authorization.replace(/^bearer /i, ''))
  const expected = Buffer.from(metricsToken)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError('auth.invalid_token')
}
