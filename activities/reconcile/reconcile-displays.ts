/** Nudges lights whose wanted and shown differ with nothing under way, or whose dead letter is due (WF-220, DOM-642). */
import type { ReconcilePort } from '#workflows/display-reconcile/port'
import type { ActivityDeps } from '../deps'

export function createReconcileDisplays({
  unitOfWork,
  teller,
}: Pick<ActivityDeps, 'unitOfWork' | 'teller'>): ReconcilePort['reconcileDisplays'] {
  return async () => {
    let nudged = 0
    for (const tenantId of await unitOfWork.withLookups(({ lookup }) => lookup.activeTenants())) {
      const deviceIds = await unitOfWork.withTenant({ tenantId }, ({ sweep }) => sweep.takeDisplaysToReconcile())
      for (const deviceId of deviceIds) {
        await teller.nudge({ tenantId, deviceId, why: 'reconcile' })
        nudged++
      }
    }
    return { nudged }
  }
}
