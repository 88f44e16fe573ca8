/** What can be asked of the outbox relay (WF-210). */
import { defineQuery } from '@temporalio/workflow'
import type { DrainResult } from './port'

export const relayStatus = defineQuery<{ readonly passes: number; readonly last: DrainResult | null }>('status')
