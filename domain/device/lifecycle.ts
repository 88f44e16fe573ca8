/** The life of a device as one table (DOM-501 … DOM-511): API, console buttons and property test read this constant. */
import type { MembershipRole } from '../authorization/principal'
import { DomainError } from '../shared/domain-error'

export const LIFECYCLES = ['discovered', 'provisioned', 'commissioned', 'operational', 'maintenance', 'decommissioned', 'retired'] as const
export type Lifecycle = (typeof LIFECYCLES)[number]

/** `system`: the platform itself; of people the least role that may ask for it. */
export type TransitionActor = 'system' | Extract<MembershipRole, 'operator' | 'admin'>

export interface LifecycleTransition {
  readonly id: string
  /** Null = the device does not exist yet. */
  readonly from: Lifecycle | null
  readonly to: Lifecycle
  readonly actors: readonly TransitionActor[]
}

type Move = readonly [from: Lifecycle | null, to: Lifecycle]

const step = (id: string, [from, to]: Move, ...actors: readonly TransitionActor[]): LifecycleTransition => ({ id, from, to, actors })

export const LIFECYCLE_TRANSITIONS: readonly LifecycleTransition[] = [
  step('DOM-501', [null, 'discovered'], 'system'),
  step('DOM-502', [null, 'provisioned'], 'admin'),
  step('DOM-502', ['discovered', 'provisioned'], 'admin'),
  step('DOM-503', [null, 'commissioned'], 'operator'),
  step('DOM-503', [null, 'provisioned'], 'operator'),
  step('DOM-504', ['provisioned', 'commissioned'], 'system', 'admin'),
  step('DOM-505', ['commissioned', 'operational'], 'system', 'admin'),
  step('DOM-506', ['operational', 'commissioned'], 'system'),
  step('DOM-506', ['operational', 'provisioned'], 'system'),
  step('DOM-507', ['operational', 'maintenance'], 'admin'),
  step('DOM-508', ['maintenance', 'operational'], 'admin'),
  step('DOM-509', ['discovered', 'decommissioned'], 'admin'),
  step('DOM-509', ['provisioned', 'decommissioned'], 'admin'),
  step('DOM-509', ['commissioned', 'decommissioned'], 'admin'),
  step('DOM-509', ['operational', 'decommissioned'], 'admin'),
  step('DOM-509', ['maintenance', 'decommissioned'], 'admin'),
  step('DOM-510', ['decommissioned', 'provisioned'], 'admin'),
  step('DOM-511', ['decommissioned', 'retired'], 'admin'),
  step('DOM-511', ['discovered', 'retired'], 'admin'),
]

/** Where a device may go from here when `actor` asks. `admin` covers what operators may; the system's own steps are nobody's to ask for. */
export function allowedTransitions(from: Lifecycle | null, actor: TransitionActor): readonly Lifecycle[] {
  const legal = LIFECYCLE_TRANSITIONS.filter((transition) => transition.from === from && mayAsk(transition, actor))
  return [...new Set(legal.map(({ to }) => to))]
}

export function canTransition(from: Lifecycle | null, to: Lifecycle, actor: TransitionActor): boolean {
  return allowedTransitions(from, actor).includes(to)
}

/** Throws `device.illegal_transition` with `from`, `to` and `allowed[]` (DOM-512). */
export function assertTransition(from: Lifecycle | null, to: Lifecycle, actor: TransitionActor): void {
  const allowed = allowedTransitions(from, actor)
  if (allowed.includes(to)) return
  const detail = `A device that is ${from ?? 'not registered'} cannot become ${to}.`
  throw new DomainError('device.illegal_transition', { detail, extra: { from, to, allowed } })
}

function mayAsk({ actors }: LifecycleTransition, actor: TransitionActor): boolean {
  return actors.includes(actor) || (actor === 'admin' && actors.includes('operator'))
}

/** The steps that an assignment records (DOM-505): an installed device is in use, however it came here. */
const ON_THE_WAY: readonly Lifecycle[] = ['discovered', 'provisioned', 'commissioned', 'operational']

/** Every step from `from` to `operational`; empty when the device is in use, in maintenance, or out of operation. */
export function assignmentSteps(from: Lifecycle): readonly Lifecycle[] {
  const place = ON_THE_WAY.indexOf(from)
  return place < 0 ? [] : ON_THE_WAY.slice(place + 1)
}

/** Where unassigning leaves a device (DOM-506): `null` = its lifecycle stays, for instance in maintenance. */
export function unassignmentStep(from: Lifecycle, wasHeard: boolean): Lifecycle | null {
  if (from !== 'operational') return null
  return wasHeard ? 'commissioned' : 'provisioned'
}
