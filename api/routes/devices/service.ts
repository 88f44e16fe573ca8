/** Reads sensors and lights: list, one, readings, counters (API-350 to 352, 361, 371). */
import type { UserPrincipal } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import { issueAt } from '#contract/issues'
import { DomainError } from '#domain/shared/domain-error'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'

export type DeviceFilters = Parameters<ReadRepositories['devices']['list']>[0]['filters']
export type DeviceRef = Parameters<ReadRepositories['devices']['get']>[0]

/** Readings are kept by month; a longer stretch is a report, not a list (API-361). */
const MAX_RANGE_MS = 31 * 86_400_000

export interface ReadingsRequest {
  readonly page: PageRequest
  readonly from: Instant | null
  readonly to: Instant | null
}

export function createDeviceService({ reads }: { reads: Reads }) {
  return {
    list: (principal: UserPrincipal, page: PageRequest, { filters, withStats }: { filters: DeviceFilters; withStats: boolean }) =>
      reads.read(principal, async ({ devices, spaces }) => ({
        page: await devices.list({ page, filters }),
        counts: withStats ? await devices.countsOf({ page, filters }) : null,
        now: await spaces.now(),
      })),

    get: (principal: UserPrincipal, ref: DeviceRef) =>
      reads.read(principal, async ({ devices, spaces }) => {
        const device = found(await devices.get(ref), 'device')
        const { tenantId, deviceId } = device
        return {
          device,
          gateways: await devices.gatewaysOf(tenantId, deviceId),
          assignment: await devices.assignmentOf(tenantId, deviceId),
          undecoded: await devices.undecodedOf(tenantId, deviceId),
          now: await spaces.now(),
        }
      }),

    readings: (principal: UserPrincipal, ref: DeviceRef, { page, ...range }: ReadingsRequest) =>
      reads.read(principal, async ({ devices, readings, spaces }) => {
        const { tenantId, deviceId } = found(await devices.get(ref), 'device')
        return readings.list({ tenantId, deviceId, page, ...boundRange(range, await spaces.now()) })
      }),

    stats: (principal: UserPrincipal, { siteId, tenantIds }: { siteId: string | undefined; tenantIds: readonly string[] | null }) =>
      reads.read(principal, async ({ devices, sites }) => {
        if (siteId !== undefined) found(await sites.get(siteId), 'site')
        const filters = { siteIds: siteId === undefined ? undefined : [siteId], silentSince: null, includeArchived: false }
        return {
          counts: await devices.countsOf({ page: { tenantIds, search: null }, filters }),
          orphans: await devices.orphanCount(tenantIds),
        }
      }),
  }
}

export type DeviceService = ReturnType<typeof createDeviceService>

/** The end is now and the beginning 31 days before it, unless said otherwise; a day is added to now for clocks that run ahead. */
function boundRange({ from, to }: Omit<ReadingsRequest, 'page'>, now: Instant): { from: Instant; to: Instant } {
  const end = to ?? (from === null ? now + 86_400_000 : from + MAX_RANGE_MS)
  const start = from ?? end - MAX_RANGE_MS
  if (end - start > MAX_RANGE_MS)
    throw new DomainError('validation.failed', {
      issues: [issueAt('query', '/from', { code: 'too_long', message: 'from and to are more than 31 days apart' })],
    })
  return { from: start, to: end }
}
