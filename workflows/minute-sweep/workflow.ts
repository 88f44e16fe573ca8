/** What is cheaper as one query a minute than as a timer per sensor: silence, suspicion, forgotten boundaries (WF-200, WF-301). */
import { condition, continueAsNew, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow'
import { sweep } from '../shared/activity-options'
import { isHandOver } from '../shared/run-length'
import { runNow, sweepStatus } from './messages'
import type { SweepPort, SweepResult } from './port'

const { sweepDue } = proxyActivities<SweepPort>(sweep)

const PAUSE = '60 seconds'

export async function minuteSweep(): Promise<void> {
  const state: { passes: number; last: SweepResult | null; asked: boolean } = { passes: 0, last: null, asked: false }
  setHandler(sweepStatus, () => ({ passes: state.passes, last: state.last }))
  setHandler(runNow, async () => {
    const before = state.passes
    state.asked = true
    await condition(() => state.passes > before && !state.asked)
    return state.last ?? { projected: 0, late: 0, silentDisplays: 0 }
  })
  for (;;) {
    state.asked = false
    state.last = await sweepDue.executeWithOptions({ summary: 'look at what is due' }, [])
    state.passes++
    setCurrentDetails(`${state.last.projected} bays looked at, ${state.last.late} late, ${state.last.silentDisplays} silent lights`)
    if (await isHandOver(() => state.asked)) await continueAsNew<typeof minuteSweep>()
    await condition(() => state.asked, PAUSE, { summary: 'next minute' })
  }
}
