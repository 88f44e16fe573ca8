/** Projects bays whose answer may have changed with time alone, and notices lights that fell silent (WF-200, DOM-231). */
import { projectSpace } from '#db/projection/project-space'
import { MODELS } from '#domain/codec/registry'
import type { FeedEvent } from '#domain/shared/outbox'
import type { SweepPort } from '#workflows/minute-sweep/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'

const AT_MOST = 5_000
/** Bays at one time; the pool has more connections than that. */
const CONCURRENCY = 4
/** An exact timer that is this late should have been first (WF-200). */
const LATE_MS = 5_000
const REPORTING_MODELS = MODELS.filter(({ capabilities }) => capabilities.reportsState).map(({ model }) => model)

export function createSweepDue(deps: ActivityDeps): SweepPort['sweepDue'] {
  const { unitOfWork } = deps
  return async () => {
    const due = [...(await unitOfWork.withLookups(({ lookup }) => lookup.dueSpaces(AT_MOST)))]
    const tally = { projected: 0, late: 0 }
    const work = async () => {
      for (let next = due.shift(); next !== undefined; next = due.shift()) await sweepSpace(deps, next, tally)
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, work)) // bays are independent; each has its own transaction
    let silentDisplays = 0
    for (const tenantId of await unitOfWork.withLookups(({ lookup }) => lookup.activeTenants()))
      silentDisplays += await sweepLights(deps, tenantId)
    return { ...tally, silentDisplays }
  }
}

interface DueSpace {
  readonly tenantId: string
  readonly spaceId: string
}

/** One refused bay never holds up the others: it stays due and is met again in a minute. */
async function sweepSpace(
  { unitOfWork, dispatcher, origin, log }: ActivityDeps,
  { tenantId, spaceId }: DueSpace,
  tally: { projected: number; late: number },
): Promise<void> {
  try {
    const { due, result } = await unitOfWork.withTenant({ tenantId }, async (repositories) => ({
      due: await repositories.sweep.whyDue(spaceId),
      result: await projectSpace(repositories, { spaceId, cause: 'timer', origin: origin() }),
    }))
    if (!result.gone && result.handover !== null) await dispatcher.settle(result.handover)
    tally.projected++
    if (due !== null && due.cause !== 'liveness' && due.lateMs > LATE_MS) tally.late++
  } catch (error) {
    log.warn({ err: error, tenant_id: tenantId, space_id: spaceId }, 'a due bay was not projected')
  }
}

async function sweepLights(deps: ActivityDeps, tenantId: string): Promise<number> {
  const { count, events } = await deps.unitOfWork.withTenant({ tenantId }, judgeLights)
  await announce(deps, events)
  return count
}

async function judgeLights({ alerts, sweep }: TenantRepositories): Promise<{ count: number; events: FeedEvent[] }> {
  const events: FeedEvent[] = []
  for (const deviceId of await sweep.displaysHeardAgain())
    events.push(...(await alerts.close({ kind: 'sensor_silent', subjectId: deviceId })))
  const silent = await sweep.newlySilentDisplays(REPORTING_MODELS)
  for (const { deviceId, spaceId, siteId, lastHeardAt } of silent) {
    const about = { subjectType: 'device', subjectId: deviceId, siteId, spaceId, deviceId }
    events.push(...(await alerts.open({ kind: 'sensor_silent', severity: 'warning', ...about, evidence: { last_heard_at: lastHeardAt } })))
  }
  return { count: silent.length, events }
}
