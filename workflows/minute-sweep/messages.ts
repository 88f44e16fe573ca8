/** What can be said to the minute sweep (WF-200). */
import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { SweepResult } from './port'

export interface SweepStatus {
  readonly passes: number
  readonly last: SweepResult | null
}

/** Sweeps now and answers with what it did. */
export const runNow = defineUpdate<SweepResult, [Readonly<Record<string, never>>]>('runNow')
export const sweepStatus = defineQuery<SweepStatus>('status')
