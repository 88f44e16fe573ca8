/** What a light's delivery needs done (H-03); `activities/downlink` does it. Every effect is safe to run twice (WF § 8.4). */
import type { CommandKind, CommandOrigin } from '#domain/display/light'
import type { LightRecord } from '#domain/display/light-records'
import type { BudgetResult, EnqueueResult, InspectResult, LoadResult, OpenResult } from '#domain/display/light-settles'
import type { Instant } from '#domain/shared/instant'

export interface DisplayRef {
  readonly tenantId: string
  readonly deviceId: string
}

export interface AttemptRef extends DisplayRef {
  readonly commandId: string
  readonly attemptNo: number
}

export interface OpenCommandInput extends DisplayRef {
  /** Made in the workflow: a repeat meets its own row. */
  readonly commandId: string
  readonly kind: CommandKind
  readonly origin: CommandOrigin
  /** A person asked: sent whatever was sent last, and although it was dismissed. */
  readonly isAsked: boolean
  readonly supersedes: string | null
  /** Earliest enqueue by the dwell, for the row's `next_attempt_at`. */
  readonly notBefore: Instant
}

/** Database. */
export interface DeliveryRowsPort {
  loadWanted(input: DisplayRef): Promise<LoadResult>
  openCommand(input: OpenCommandInput): Promise<OpenResult>
  takeBudget(input: AttemptRef & { readonly rank: number }): Promise<BudgetResult>
  recordOutcome(input: DisplayRef & { readonly record: LightRecord }): Promise<void>
}

/** Network server. */
export interface DeliveryNetworkPort {
  /** `now`: the workflow's clock. `isRepeat`: the second copy of DOM-627, same command and attempt. */
  enqueue(input: AttemptRef & { readonly now: Instant; readonly isRepeat: boolean }): Promise<EnqueueResult>
  inspectQueue(input: DisplayRef & { readonly queueItemId: string }): Promise<InspectResult>
}
