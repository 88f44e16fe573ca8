/** From a bearer token to the person as they stand now (API-011 to API-016). */
import type { Credential } from '../../middleware/call'
import type { Authenticator } from '../../middleware/authenticate'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { AccessTokens } from './access-token'
import type { Standings } from './standings'

export interface AuthenticatorOptions {
  readonly tokens: AccessTokens
  readonly standings: Standings
  readonly log: Pick<Logger, 'debug'>
  readonly metrics: Pick<Metrics, 'authFailures'>
}

/** The reason is logged and counted, never told (API-016). */
export function createAuthenticator({ tokens, standings, log, metrics }: AuthenticatorOptions): Authenticator {
  const refuse = (reason: string): null => {
    metrics.authFailures.inc({ reason })
    log.debug({ reason }, 'token refused')
    return null
  }
  return {
    async authenticate(text): Promise<Credential | null> {
      const token = tokens.read(text)
      if (token === null) return refuse('not_a_token')
      const principal = await standings.principalOf(token)
      return principal === null ? refuse('standing') : { principal, expiresAt: token.expiresAt }
    },
  }
}
