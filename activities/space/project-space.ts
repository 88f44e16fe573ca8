/** Projects one bay in a transaction of its own, then lets out what the commit left (WF-010, DOM-910 ff.). */
import { projectSpace } from '#db/projection/project-space'
import type { SpacePort } from '#workflows/space-occupancy/port'
import type { ActivityDeps } from '../deps'

export function createProjectSpace({ unitOfWork, dispatcher, origin }: ActivityDeps): SpacePort['projectSpace'] {
  return async ({ tenantId, spaceId, cause, validAt }) => {
    const result = await unitOfWork.withTenant({ tenantId }, (repositories) =>
      projectSpace(repositories, { spaceId, cause, origin: origin(), ...(validAt === undefined ? {} : { validAt }) }),
    )
    if (result.gone) return { gone: true }
    // The row's message is for the workflow that asked: it gets the answer itself, and must not be signalled by its own work.
    if (result.handover !== null) await dispatcher.settle({ ...result.handover, message: null })
    const { code, sequence, state, reason, until, untilCause, nextExact, wanted } = result
    return { gone: false, code, sequence, state, reason, until, untilCause, nextExact, wanted }
  }
}
