/** Reads gateways (API-380, 381, 386). */
import type { UserPrincipal } from '#domain/authorization/principal'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'

export type GatewayFilters = Parameters<ReadRepositories['gateways']['list']>[0]['filters']
export type GatewayRef = Parameters<ReadRepositories['gateways']['get']>[0]

export function createGatewayService({ reads }: { reads: Reads }) {
  return {
    list: (principal: UserPrincipal, page: PageRequest, filters: GatewayFilters) =>
      reads.read(principal, ({ gateways }) => gateways.list({ page, filters })),
    get: (principal: UserPrincipal, ref: GatewayRef) =>
      reads.read(principal, async ({ gateways }) => found(await gateways.get(ref), 'gateway')),
    counts: (principal: UserPrincipal, { siteId, tenantIds }: { siteId: string | undefined; tenantIds: readonly string[] | null }) =>
      reads.read(principal, async ({ gateways, sites }) => {
        if (siteId !== undefined) found(await sites.get(siteId), 'site')
        return gateways.counts(siteId, tenantIds)
      }),
  }
}

export type GatewayService = ReturnType<typeof createGatewayService>
