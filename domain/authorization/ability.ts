/** The shape of the product's CASL abilities: additive rules over the vocabulary, no words that mean everything, packed for the console. */
import { createMongoAbility, subject as tagSubject, type ForcedSubject, type MongoAbility, type RawRuleOf } from '@casl/ability'
import { packRules, unpackRules, type PackRule } from '@casl/ability/extra'
import type { ActionName, SubjectName } from './vocabulary'

/** What is asked about one row; members are spelled as in its API view. */
export type AccessRow = Readonly<Record<string, string | null>>

type TaggedRow = AccessRow & ForcedSubject<SubjectName>

export type AppAbility = MongoAbility<[ActionName, SubjectName | TaggedRow]>
export type AppRule = RawRuleOf<AppAbility>
export type PackedRules = readonly PackRule<AppRule>[]

/**
 * CASL reads the action `manage` as *every action* and the subject `all` as *every subject*. Here `manage` is one action of many
 * (an admin manages the network server and may not map it), so both wildcards are words that no rule uses.
 */
const NO_WILDCARDS = { anyAction: 'no action means every action', anySubjectType: 'no subject means every subject' }

export function abilityOf(rules: readonly AppRule[]): AppAbility {
  return createMongoAbility<AppAbility>([...rules], NO_WILDCARDS)
}

/** A grant on every row that the principal can see; whose rows those are, row level security decides (D-10). */
export function allow(action: ActionName, subject: SubjectName): AppRule {
  return { action, subject }
}

/** A grant on some rows. Throws on conditions that would match everything: none at all, or a member without a value (API-152). */
export function allowWhere(action: ActionName, subject: SubjectName, conditions: Readonly<Record<string, string>>): AppRule {
  const entries = Object.entries(conditions)
  if (entries.length === 0 || entries.some(([, value]) => typeof value !== 'string' || value === '')) {
    throw new Error(`a rule for ${subject}.${action} has an empty condition`)
  }
  return { action, subject, conditions: { ...conditions } }
}

/** The row as CASL wants to be asked about it. The argument is copied, since CASL marks what it is given. */
export function aboutRow(subject: SubjectName, row: AccessRow): TaggedRow {
  return tagSubject(subject, { ...row })
}

/** What the console gets (API-217): the rules without repetition of keys. */
export function packAbility(ability: AppAbility): PackedRules {
  return packRules(ability.rules)
}

/** The console's side of `packAbility`; answers as the server's ability does. */
export function unpackAbility(packed: PackedRules): AppAbility {
  return abilityOf(unpackRules<AppRule>([...packed]))
}
