/** Goes on from what a crash left committed: projects, publishes, signals (WF-210, WF-302, D-70). */
import { continueAsNew, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow'
import { sweep } from '../shared/activity-options'
import { isRefused } from '../shared/refusal'
import { isRunLong } from '../shared/run-length'
import { relayStatus } from './messages'
import type { DrainResult, OutboxPort } from './port'

const { drainOutbox } = proxyActivities<OutboxPort>(sweep)

/** The process that committed a row tries first, at once; this is for what it could not do. */
const PAUSE = '10 seconds'

interface Relay {
  passes: number
  last: DrainResult | null
}

export async function outboxRelay(): Promise<void> {
  const state: Relay = { passes: 0, last: null }
  setHandler(relayStatus, () => ({ ...state }))
  for (;;) {
    await isRefused(() => pass(state))
    state.passes++
    if (isRunLong()) await continueAsNew<typeof outboxRelay>()
    await sleep(PAUSE, { summary: 'next pass' })
  }
}

async function pass(state: Relay): Promise<void> {
  state.last = await drainOutbox.executeWithOptions({ summary: 'settle what was left' }, [])
  setCurrentDetails(`${state.last.drained} rows in the last pass`)
}
