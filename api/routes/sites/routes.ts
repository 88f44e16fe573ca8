/** `/api/v6/sites`: who serves which operation. */
import { getAllOccupancy, getSite, getSiteOccupancy, listSites } from '#contract/sites'
import { serve, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { presentOccupancy, presentSite } from './presenter'
import type { SiteService } from './service'

const SITES = { key: 'sites', defaultSort: [{ key: 'name', descending: false }] } as const

export interface SiteRoutesDeps {
  readonly service: SiteService
  readonly lists: Lists
  readonly now: () => number
}

export function createSiteRoutes({ service, lists, now }: SiteRoutesDeps): Route[] {
  return [
    serve(listSites, async ({ principal, input: { query } }) => {
      const filters = { isActive: query.is_active, countries: query.country, cities: query.city, hasAlerts: query.has_alerts }
      const page = await service.list(principal, lists.request(SITES, query, principal), filters)
      return { body: lists.envelope(SITES, page, { input: query, principal, present: (site) => presentSite(site, principal) }) }
    }),
    serve(getSite, async ({ principal, input: { params } }) => {
      const site = await service.get(principal, params.id)
      return { body: presentSite(site, principal), version: site.version }
    }),
    serve(getSiteOccupancy, async ({ principal, input: { params } }) => ({
      body: presentOccupancy(await service.get(principal, params.id), now()),
    })),
    serve(getAllOccupancy, async ({ principal }) => ({
      body: (await service.all(principal)).map((site) => presentOccupancy(site, now())),
    })),
  ]
}
