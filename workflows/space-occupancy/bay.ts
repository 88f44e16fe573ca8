/** What a bay's workflow remembers between two projections, and how people read it. */
import { toIso, type Instant } from '#domain/shared/instant'
import type { ProjectionCause } from '#domain/shared/outbox'
import type { CarriedSpace, FactsChanged, SpaceStatus } from './messages'
import type { Projected } from './port'

export type LiveProjection = Extract<Projected, { gone: false }>

export interface Bay {
  /** Newest transition that a projection of this workflow has seen. */
  lastSequence: number
  handedVersion: number
  nextExact: Instant | null
  /** Highest sequence told by a signal. */
  toldSequence: number
  /** What must be looked at whatever the sequence says. */
  causes: ProjectionCause[]
  projections: number
  /** A run that knows nothing looks at the row first, whether or not a signal came with its start: the row is the truth (WF-003). */
  unlooked: boolean
  retired: boolean
  last: LiveProjection | null
}

export function createBay(carried: CarriedSpace | undefined): Bay {
  return {
    lastSequence: carried?.lastSequence ?? 0,
    handedVersion: carried?.handedVersion ?? 0,
    nextExact: carried?.nextExact ?? null,
    toldSequence: 0,
    causes: [],
    projections: 0,
    unlooked: carried === undefined,
    retired: false,
    last: null,
  }
}

/** Causes that change nothing without a transition; a person's or a policy's may want another light in the same state. */
const TOLD_BY_SEQUENCE: readonly ProjectionCause[] = ['sensor', 'timer']

/** A sequence that was seen is dropped unless its cause is one that must be looked at all the same (WF-004, WF-010). */
export function hearFacts(bay: Bay, { sequence, cause }: FactsChanged): void {
  bay.toldSequence = Math.max(bay.toldSequence, sequence)
  if (!TOLD_BY_SEQUENCE.includes(cause)) bay.causes.push(cause)
}

export const hasNews = (bay: Bay): boolean => bay.retired || bay.unlooked || bay.causes.length > 0 || bay.toldSequence > bay.lastSequence

/** Everything told until now is answered by one projection (D-71). */
export function takeCause(bay: Bay, fallback: ProjectionCause): ProjectionCause {
  const cause = bay.causes[0] ?? fallback
  bay.causes = []
  return cause
}

/** `toldBefore`: what was told when the projection began; what came meanwhile is looked at again. */
export function takeProjection(bay: Bay, result: LiveProjection, toldBefore: number): void {
  bay.last = result
  bay.lastSequence = Math.max(bay.lastSequence, result.sequence, toldBefore)
  bay.nextExact = result.nextExact
  bay.projections++
  bay.unlooked = false
}

export const statusOf = (bay: Bay): SpaceStatus => ({
  lastSequence: bay.lastSequence,
  state: bay.last?.state ?? null,
  reason: bay.last?.reason ?? null,
  until: bay.last?.until ?? null,
  untilCause: bay.last?.untilCause ?? null,
  handedVersion: bay.handedVersion,
})

export function describeBay({ handedVersion }: Bay, { code, state, reason, nextExact }: LiveProjection): string {
  const name = code === undefined ? '' : `${code} `
  const look = nextExact === null ? '' : `, next look ${toIso(nextExact)}`
  return `${name}${state} (${reason}), light v${handedVersion} handed over${look}`
}
