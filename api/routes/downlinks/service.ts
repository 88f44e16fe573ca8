/** Reads commands to lights (API-512, 513, 515, 517). */
import type { UserPrincipal } from '#domain/authorization/principal'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'

export type DownlinkFilters = Parameters<ReadRepositories['downlinkReads']['list']>[0]['filters']
export type StatsRequest = Parameters<ReadRepositories['downlinkStats']['counts']>[0]

export interface DownlinkServiceDeps {
  readonly reads: Reads
  /** Commands a minute of a tenant (API-288). */
  readonly rateLimitOf: (tenantId: string) => Promise<number>
}

export function createDownlinkService({ reads, rateLimitOf }: DownlinkServiceDeps) {
  return {
    list: (principal: UserPrincipal, page: PageRequest, filters: DownlinkFilters) =>
      reads.read(principal, ({ downlinkReads }) => downlinkReads.list({ page, filters })),

    get: (principal: UserPrincipal, downlinkId: string) =>
      reads.read(principal, async ({ downlinkReads }) => {
        const downlink = found(await downlinkReads.get(downlinkId), 'command')
        return { downlink, attempts: await downlinkReads.attempts(downlink.tenantId, downlinkId) }
      }),

    async stats(principal: UserPrincipal, request: StatsRequest) {
      const rateLimit = principal.scope === 'platform' ? null : await rateLimitOf(principal.tenantId)
      return reads.read(principal, async ({ downlinkStats, sites, spaces }) => {
        if (request.siteId !== undefined) found(await sites.get(request.siteId), 'site')
        return {
          counts: await downlinkStats.counts(request),
          times: await downlinkStats.queueTimes(request),
          lights: await downlinkStats.lights(request),
          gateways: await downlinkStats.gateways(request),
          rateLimit,
          now: await spaces.now(),
        }
      })
    },
  }
}

export type DownlinkService = ReturnType<typeof createDownlinkService>
