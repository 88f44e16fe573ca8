/** Reads what is wanted of a light, what is known of it and what is under way: the row is the truth (WF-003). */
import type { LoadResult } from '#domain/display/light-settles'
import type { DeliveryRowsPort } from '#workflows/display-delivery/port'
import type { ActivityDeps } from '../deps'
import { isGone, lookOfPayload, profileOf, resumeCommand } from './light-facts'

export function createLoadWanted({ unitOfWork }: Pick<ActivityDeps, 'unitOfWork'>): DeliveryRowsPort['loadWanted'] {
  return ({ tenantId, deviceId }) =>
    unitOfWork.withTenant(
      { tenantId },
      async ({ displayStates, downlinks }): Promise<LoadResult> => {
        const row = await displayStates.find(deviceId)
        if (isGone(row)) return { gone: true }
        const last = await downlinks.lastSentOf(deviceId)
        const open = await downlinks.openOf(deviceId)
        const profile = profileOf(row)
        return {
          gone: false,
          profile,
          wantedVersion: row.wantedVersion,
          sentVersion: row.sentVersion,
          dwellUntil: row.sentAt === null ? 0 : row.sentAt + profile.minDwellMs,
          look: last === null ? null : lookOfPayload(row.model, last.payload, last.fPort),
          counter: row.reportCounter,
          session: row.session,
          lastHeardAt: row.lastHeardAt,
          command: open === null ? null : resumeCommand(open, row.model),
        }
      },
      { readOnly: true },
    )
}
