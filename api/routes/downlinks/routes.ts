/** `/api/v6/downlinks`: who serves which operation. */
import type { z } from 'zod'
import { cancelDownlink, getDownlink, getDownlinkStats, listDownlinks, listFailedDownlinks } from '#contract/downlinks'
import type { UserPrincipal } from '#domain/authorization/principal'
import { serve, type Answer, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { toRange } from '../shared/site-time'
import type { CancelDownlink } from './cancel'
import { presentDownlink, presentDownlinkDetail } from './presenter'
import type { DownlinkService } from './service'
import { presentDownlinkStats } from './stats'

const DOWNLINKS = { key: 'downlinks', defaultSort: [{ key: 'created_at', descending: true }] } as const
const DEFAULT_WINDOW_HOURS = 24

type FailedQuery = z.output<(typeof listFailedDownlinks)['query']>

export interface DownlinkRoutesDeps {
  readonly service: DownlinkService
  readonly cancel: CancelDownlink
  readonly lists: Lists
}

export function createDownlinkRoutes({ service, cancel, lists }: DownlinkRoutesDeps): Route[] {
  const list = listOf({ service, lists })
  return [
    serve(listDownlinks, ({ principal, input: { query } }) => list(principal, query, query.status)),
    serve(listFailedDownlinks, ({ principal, input: { query } }) => list(principal, query, ['failed'])),
    serve(getDownlink, async ({ principal, input: { params } }) => {
      const detail = await service.get(principal, params.id)
      return { body: presentDownlinkDetail(detail, principal), version: detail.downlink.updatedAt }
    }),
    serve(cancelDownlink, (call) => cancel(call, { downlinkId: call.input.params.id, reason: call.input.body.reason ?? null })),
    serve(getDownlinkStats, async ({ principal, input: { query } }) => {
      const request = { siteId: query.site_id, tenantIds: query.tenant_id ?? null, windowHours: query.window_hours ?? DEFAULT_WINDOW_HOURS }
      return { body: presentDownlinkStats(await service.stats(principal, request), principal.tenantId) }
    }),
  ]
}

function listOf({ service, lists }: Pick<DownlinkRoutesDeps, 'service' | 'lists'>) {
  return async (principal: UserPrincipal, query: FailedQuery, statuses: readonly string[] | undefined): Promise<Answer> => {
    const filters = {
      deviceIds: query.device_id,
      spaceIds: query.space_id,
      siteIds: query.site_id,
      statuses,
      commands: query.command,
      origins: query.origin,
      ...toRange(query),
    }
    const kind = { ...DOWNLINKS, scope: statuses?.join() ?? '' }
    const page = await service.list(principal, lists.request(kind, query, principal), filters)
    return { body: lists.envelope(kind, page, { input: query, principal, present: (downlink) => presentDownlink(downlink, principal) }) }
  }
}
