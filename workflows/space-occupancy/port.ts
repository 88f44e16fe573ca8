/** What a bay's workflow needs done (H-03); `activities/space` does it. */
import type { Instant } from '#domain/shared/instant'
import type { ProjectionCause } from '#domain/shared/outbox'

export interface SpaceRef {
  readonly tenantId: string
  readonly spaceId: string
}

export type Projected =
  | { readonly gone: true }
  | {
      readonly gone: false
      readonly sequence: number
      readonly state: string
      readonly reason: string
      readonly until: Instant | null
      readonly untilCause: 'right' | 'override' | 'liveness' | null
      readonly nextExact: Instant | null
      readonly wanted: { readonly deviceId: string; readonly version: number } | null
      /** The bay's code, for people who read timers. */
      readonly code?: string
    }

/** One short transaction; the same facts give the same decision and then write nothing. */
export interface SpacePort {
  projectSpace(input: SpaceRef & { readonly cause: ProjectionCause; readonly validAt?: Instant }): Promise<Projected>
}

export interface WantedLight {
  readonly tenantId: string
  readonly deviceId: string
  readonly version: number
  /** Where the light stands: for its own workflow's name and search attributes. */
  readonly spaceId?: string
  readonly code?: string
}

/** Signal-with-start of the light's delivery; it ignores a version that it knows. */
export interface SpaceTellPort {
  tellDisplay(input: WantedLight): Promise<void>
}
