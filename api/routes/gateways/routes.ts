/** `/api/v6/gateways`: who serves which operation. */
import { getGateway, getGatewaySummary, listGateways } from '#contract/gateways'
import { serve, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { presentGateway, presentGatewaySummary } from './presenter'
import type { GatewayService } from './service'

const GATEWAYS = { key: 'gateways', defaultSort: [{ key: 'name', descending: false }] } as const

export function createGatewayRoutes({ service, lists }: { readonly service: GatewayService; readonly lists: Lists }): Route[] {
  return [
    serve(listGateways, async ({ principal, input: { query } }) => {
      const online = query.include_offline === false ? true : query.is_online
      const filters = { siteIds: query.site_id, statuses: query.status, online }
      const page = await service.list(principal, lists.request(GATEWAYS, query, principal), filters)
      return { body: lists.envelope(GATEWAYS, page, { input: query, principal, present: (gateway) => presentGateway(gateway, principal) }) }
    }),
    serve(getGateway, async ({ principal, input: { params } }) => {
      const gateway = await service.get(principal, params.id)
      return { body: presentGateway(gateway, principal), version: gateway.version }
    }),
    serve(getGatewaySummary, async ({ principal, input: { query } }) => {
      const counts = await service.counts(principal, { siteId: query.site_id, tenantIds: query.tenant_id ?? null })
      return { body: presentGatewaySummary(counts, principal.tenantId) }
    }),
  ]
}
