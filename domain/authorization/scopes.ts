/** What an API key may be given (D-15): a closed list; write implies read, `admin:*` is spelled out by the vocabulary. */

const AREAS = ['sites', 'spaces', 'devices', 'gateways', 'reservations', 'displays', 'downlinks'] as const
type Area = (typeof AREAS)[number]

export type Scope = `${Area}:${'read' | 'write'}` | 'analytics:read' | 'webhooks:receive' | 'admin:*'

/** Every scope, in the order in which people are shown them. */
export const SCOPES: readonly Scope[] = [
  ...AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as const),
  'analytics:read',
  'webhooks:receive',
  'admin:*',
]

const KNOWN: ReadonlySet<string> = new Set(SCOPES)

export function isScope(text: string): text is Scope {
  return KNOWN.has(text)
}

/** Those of a request that no key can have; they are refused, never ignored. */
export function unknownScopes(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !isScope(text))
}

/** What the listed scopes amount to. A stored text that is no scope gives nothing. */
export function expandScopes(texts: readonly string[]): ReadonlySet<Scope> {
  const listed = texts.filter(isScope)
  const implied = listed.filter((scope) => scope.endsWith(':write')).map((scope) => scope.replace(':write', ':read'))
  return new Set([...listed, ...implied.filter(isScope)])
}
