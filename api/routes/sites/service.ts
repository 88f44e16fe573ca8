/** Reads car parks and how full they are (API-300 to API-303). The counters are rows that the projection keeps: reading them is one index look-up. */
import type { UserPrincipal } from '#domain/authorization/principal'
import type { PageRequest } from '../shared/lists'
import { found, type Reads } from '../shared/reads'
import type { ReadRepositories } from '../shared/reads'

export type SiteFilters = Parameters<ReadRepositories['sites']['list']>[0]['filters']

export function createSiteService({ reads }: { reads: Reads }) {
  return {
    list: (principal: UserPrincipal, page: PageRequest, filters: SiteFilters) =>
      reads.read(principal, ({ sites }) => sites.list({ page, filters })),
    get: (principal: UserPrincipal, siteId: string) => reads.read(principal, async ({ sites }) => found(await sites.get(siteId), 'site')),
    all: (principal: UserPrincipal) => reads.read(principal, ({ sites }) => sites.all()),
  }
}

export type SiteService = ReturnType<typeof createSiteService>
