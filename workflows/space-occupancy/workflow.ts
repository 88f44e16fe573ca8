/** Time and effects of one bay (WF-010): projects when a fact came or an exact instant is reached, and hands the wanted display on. */
import { condition, continueAsNew, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow'
import { toIso, type Instant } from '#domain/shared/instant'
import { database, tell } from '../shared/activity-options'
import { isRefused, REST_AFTER_REFUSAL } from '../shared/refusal'
import { handlersFinished, isHandOver } from '../shared/run-length'
import { createBay, describeBay, hasNews, hearFacts, statusOf, takeCause, takeProjection, type Bay, type LiveProjection } from './bay'
import { factsChanged, policyChanged, reproject, retire, spaceStatus, type ReprojectResult, type SpaceOccupancyInput } from './messages'
import type { Projected, SpacePort, SpaceTellPort } from './port'

const { projectSpace } = proxyActivities<SpacePort>(database)
const { tellDisplay } = proxyActivities<SpaceTellPort>(tell)

export async function spaceOccupancy(input: SpaceOccupancyInput): Promise<void> {
  const bay = createBay(input.carried)
  registerHandlers(bay)
  while (!bay.retired) {
    const isNews = await newsOrBoundary(bay)
    if (bay.retired) break
    if (await isRefused(() => look(bay, input, isNews))) await startOver(bay)
    else if (await isHandOver(() => hasNews(bay))) await handToNextRun(bay, input)
  }
  await handlersFinished()
}

/** One projection and its effects. */
async function look(bay: Bay, input: SpaceOccupancyInput, isNews: boolean): Promise<void> {
  const result = await project(bay, input, isNews)
  if (result.gone) return void (bay.retired = true)
  await handOver(bay, input, result)
  setCurrentDetails(describeBay(bay, result))
}

/** The row decides, not what this run believed: it rests and looks again. */
async function startOver(bay: Bay): Promise<void> {
  await sleep(REST_AFTER_REFUSAL, { summary: 'an effect was refused; look again' })
  bay.unlooked = true
}

function registerHandlers(bay: Bay): void {
  setHandler(factsChanged, (facts) => hearFacts(bay, facts))
  setHandler(policyChanged, () => void bay.causes.push('policy'))
  setHandler(retire, () => void (bay.retired = true))
  setHandler(reproject, () => reprojected(bay))
  setHandler(spaceStatus, () => statusOf(bay))
}

/** Asks for one projection that begins after the question. */
async function reprojected(bay: Bay): Promise<ReprojectResult> {
  const before = bay.projections
  bay.causes.push('system')
  await condition(() => bay.projections > before || bay.retired)
  const { sequence = bay.lastSequence, state = 'unknown', reason = 'no_sensor', until = null } = bay.last ?? {}
  return { sequence, state, reason, until }
}

/** True for news, false when the next exact instant was reached without any; liveness is the sweep's (WF-200). */
async function newsOrBoundary(bay: Bay): Promise<boolean> {
  if (bay.nextExact !== null) return untilBoundary(bay, bay.nextExact)
  await condition(() => hasNews(bay))
  return true
}

async function untilBoundary(bay: Bay, boundary: Instant): Promise<boolean> {
  const summary = `re-decide ${bay.last?.code ?? 'the bay'} at its next boundary, ${toIso(boundary)}`
  return condition(() => hasNews(bay), Math.max(1, boundary - Date.now()), { summary })
}

async function project(bay: Bay, { tenantId, spaceId }: SpaceOccupancyInput, isNews: boolean): Promise<Projected> {
  const validAt = isNews || bay.nextExact === null ? {} : { validAt: bay.nextExact }
  const cause = takeCause(bay, isNews ? 'sensor' : 'timer')
  const toldBefore = bay.toldSequence
  const result = await projectSpace.executeWithOptions({ summary: `project the bay: ${cause}` }, [{ tenantId, spaceId, cause, ...validAt }])
  if (!result.gone) takeProjection(bay, result, toldBefore)
  return result
}

async function handOver(bay: Bay, { tenantId, spaceId }: SpaceOccupancyInput, { wanted, code }: LiveProjection): Promise<void> {
  if (wanted === null || wanted.version <= bay.handedVersion) return
  const light = { tenantId, ...wanted, spaceId, ...(code === undefined ? {} : { code }) }
  await tellDisplay.executeWithOptions({ summary: `want light v${wanted.version}` }, [light])
  bay.handedVersion = wanted.version
}

function handToNextRun(bay: Bay, { tenantId, siteId, spaceId }: SpaceOccupancyInput): Promise<never> {
  const { lastSequence, handedVersion, nextExact } = bay
  return continueAsNew<typeof spaceOccupancy>({ tenantId, siteId, spaceId, carried: { lastSequence, handedVersion, nextExact } })
}
