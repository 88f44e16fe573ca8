/** What is cheaper as one query a minute than as a timer per sensor: silence, suspicion, forgotten boundaries (WF-200, WF-301). */
import { condition, continueAsNew, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow'
import { sweep } from '../shared/activity-options'
import { isRefused } from '../shared/refusal'
import { isHandOver } from '../shared/run-length'
import { runNow, sweepStatus } from './messages'
import type { SweepPort, SweepResult } from './port'

const { sweepDue } = proxyActivities<SweepPort>(sweep)

const PAUSE = '60 seconds'

interface Sweep {
  passes: number
  last: SweepResult | null
  asked: boolean
}

export async function minuteSweep(): Promise<void> {
  const state: Sweep = { passes: 0, last: null, asked: false }
  setHandler(sweepStatus, () => ({ passes: state.passes, last: state.last }))
  setHandler(runNow, async () => {
    const before = state.passes
    state.asked = true
    await condition(() => state.passes > before && !state.asked)
    return state.last ?? { projected: 0, late: 0, silentDisplays: 0 }
  })
  for (;;) {
    state.asked = false
    await isRefused(() => pass(state))
    state.passes++
    if (await isHandOver(() => state.asked)) await continueAsNew<typeof minuteSweep>()
    await condition(() => state.asked, PAUSE, { summary: 'next minute' })
  }
}

async function pass(state: Sweep): Promise<void> {
  state.last = await sweepDue.executeWithOptions({ summary: 'look at what is due' }, [])
  const { projected, late, silentDisplays } = state.last
  setCurrentDetails(`${projected} bays looked at, ${late} late, ${silentDisplays} silent lights`)
}
