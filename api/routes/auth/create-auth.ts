/** Puts the authentication of one api process together: tokens, standings, throttle, services. */
import type { Redis } from 'ioredis'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { RateLimiter } from '../../middleware/rate-limiter'
import type { Lists } from '../shared/lists'
import { createAccessTokens } from './access-token'
import { createAuthenticator } from './authenticator'
import { createLoginService } from './login.service'
import { createLoginThrottle } from './login-throttle'
import { createAuthLookups } from './lookups'
import { createPasswordCheck } from './passwords'
import { createProfileService } from './profile.service'
import { createRefreshCookies } from './refresh-cookie'
import { createSealer } from './refresh-token'
import { createRefreshService } from './refresh.service'
import { createAuthRoutes } from './routes'
import { createSessionService } from './session.service'
import { createStandings } from './standings'
import { createTokenPairs } from './token-pairs'
import { createSocketTickets } from './ws-ticket'

export interface AuthSettings {
  readonly jwtSecret: string
  readonly jwtPreviousSecret?: string | undefined
  readonly encryptionKey: string
  readonly accessTokenTtlSeconds: number
  readonly refreshTokenTtlDays: number
  readonly platformTenantId: string
  readonly publicUrl: string
  readonly corsOrigins: readonly string[]
  readonly rateLimitEnabled: boolean
}

export interface AuthDeps {
  readonly settings: AuthSettings
  readonly unitOfWork: UnitOfWork
  readonly redis: Redis
  readonly subscriber: Redis
  readonly limiter: RateLimiter
  readonly lists: Lists
  readonly now: () => number
  readonly log: Pick<Logger, 'warn' | 'debug'>
  readonly metrics: Pick<Metrics, 'authFailures'>
}

const DAY_MS = 86_400_000

export function createAuth({ settings, unitOfWork, redis, subscriber, limiter, lists, now, log, metrics }: AuthDeps) {
  const { platformTenantId } = settings
  const lookups = createAuthLookups(unitOfWork)
  const tokens = createAccessTokens({
    secret: settings.jwtSecret,
    previousSecret: settings.jwtPreviousSecret,
    ttlSeconds: settings.accessTokenTtlSeconds,
    now,
  })
  const standings = createStandings({ lookups, redis, subscriber, platformTenantId, now, log })
  const authenticator = createAuthenticator({ tokens, standings, log, metrics })
  const tickets = createSocketTickets(redis)
  const pairs = createTokenPairs({ tokens, platformTenantId, now })
  const refreshTtlMs = settings.refreshTokenTtlDays * DAY_MS
  const throttle = createLoginThrottle(lookups, { countsAddresses: settings.rateLimitEnabled })
  const routes = createAuthRoutes({
    logins: createLoginService({ unitOfWork, lookups, passwords: createPasswordCheck(), throttle, pairs, refreshTtlMs, now }),
    refreshes: createRefreshService({
      unitOfWork,
      lookups,
      standings,
      pairs,
      sealer: createSealer(settings.encryptionKey),
      limiter,
      refreshTtlMs,
    }),
    sessions: createSessionService({ unitOfWork, standings }),
    profiles: createProfileService({ unitOfWork, lookups }),
    tickets,
    cookies: createRefreshCookies(settings),
    lists,
  })
  return { routes, authenticator, standings, tickets }
}
