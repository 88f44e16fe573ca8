/** What ends an open socket from outside, within a second of its cause (D-14, API-896). */
import type { Principal } from '#domain/authorization/principal'
import type { CloseKind } from './close-codes'

interface Rule {
  readonly close: CloseKind
  readonly concerns: (principal: Principal, id: string) => boolean
}

const RULES = {
  session: { close: 'signIn', concerns: (principal, id) => principal.kind === 'user' && principal.sessionId === id },
  user: { close: 'signIn', concerns: (principal, id) => principal.kind === 'user' && principal.userId === id },
  api_key: { close: 'signIn', concerns: (principal, id) => principal.kind === 'api_key' && principal.apiKeyId === id },
  tenant: { close: 'forbidden', concerns: (principal, id) => principal.tenantId === id },
  switch: { close: 'forbidden', concerns: (principal, id) => principal.kind === 'user' && principal.switchId === id },
} as const satisfies Record<string, Rule>

export interface Revocation {
  readonly kind: keyof typeof RULES
  readonly id: string
}

/** Reads a message of `auth:revoked`; null for what is none. */
export function parseRevocation(text: string): Revocation | null {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('id' in value)) return null
  const { kind, id } = value
  return isKind(kind) && typeof id === 'string' ? { kind, id } : null
}

function isKind(kind: unknown): kind is Revocation['kind'] {
  return typeof kind === 'string' && Object.hasOwn(RULES, kind)
}

/** How the socket of that principal ends by this revocation; null when it is not concerned. */
export function closeFor(principal: Principal, { kind, id }: Revocation): CloseKind | null {
  const rule: Rule = RULES[kind]
  return rule.concerns(principal, id) ? rule.close : null
}
