/** What can be said to a bay's workflow (WF-010). Light enough for everyone to import. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Instant } from '#domain/shared/instant'
import type { ProjectionCause } from '#domain/shared/outbox'

export interface SpaceOccupancyInput {
  readonly tenantId: string
  readonly siteId: string
  readonly spaceId: string
  readonly carried?: CarriedSpace
}

/** What one run hands to the next. */
export interface CarriedSpace {
  readonly lastSequence: number
  readonly handedVersion: number
  readonly nextExact?: Instant | null
}

export interface FactsChanged {
  readonly sequence: number
  readonly cause: ProjectionCause
}

export interface PolicyChanged {
  readonly policyId: string | null
  readonly version: number
}

export interface ReprojectResult {
  readonly sequence: number
  readonly state: string
  readonly reason: string
  readonly until: Instant | null
}

export interface SpaceStatus {
  readonly lastSequence: number
  readonly state: string | null
  readonly reason: string | null
  readonly until: Instant | null
  readonly untilCause: string | null
  readonly handedVersion: number
}

export const factsChanged = defineSignal<[FactsChanged]>('factsChanged')
export const policyChanged = defineSignal<[PolicyChanged]>('policyChanged')
export const retire = defineSignal<[Readonly<Record<string, never>>]>('retire')
export const reproject = defineUpdate<ReprojectResult, [Readonly<Record<string, never>>]>('reproject')
export const spaceStatus = defineQuery<SpaceStatus>('status')
