/** Which published policy governs a space: the most specific one, whole (DOM-310). */
import { DEFAULT_POLICY, type EffectivePolicy, type PolicyScope } from './policy'

/** The most specific first. */
const PRECEDENCE: readonly PolicyScope[] = ['space', 'site', 'tenant', 'default']

/**
 * `published` holds at most one policy per scope, those that cover the space; fields are never merged across scopes.
 * With none the built-in default governs.
 */
export function choosePolicy(published: readonly EffectivePolicy[]): EffectivePolicy {
  return (
    PRECEDENCE.map((scope) => published.find((policy) => policy.scope === scope)).find((policy) => policy !== undefined) ?? DEFAULT_POLICY
  )
}

/** The published policies that cover the space and do not apply, the most specific first. */
export function overriddenPolicies(published: readonly EffectivePolicy[]): readonly EffectivePolicy[] {
  const chosen = choosePolicy(published)
  const others = published.filter((policy) => policy !== chosen)
  return others.sort((a, b) => PRECEDENCE.indexOf(a.scope) - PRECEDENCE.indexOf(b.scope))
}
