/** Why, history and timeline of a space: who serves which operation. */
import { explainSpace, spaceHistory, spaceTimeline } from '#contract/space-explain'
import { serve, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { toInstant, toRange } from '../shared/site-time'
import { presentExplanation, presentTimelineEvent, presentTransition } from './presenter'
import type { ExplainService } from './service'

const TRANSITIONS = { key: 'transitions', defaultSort: [{ key: 'recorded_at', descending: true }] } as const
const EVENTS = { key: 'events', defaultSort: [{ key: 'at', descending: true }] } as const

export interface ExplainRoutesDeps {
  readonly service: ExplainService
  readonly lists: Lists
}

export function createExplainRoutes(deps: ExplainRoutesDeps): Route[] {
  return [whyRoute(deps), historyRoute(deps), timelineRoute(deps)]
}

function whyRoute({ service }: ExplainRoutesDeps): Route {
  return serve(explainSpace, async ({ principal, input: { params, query } }) => {
    const { timezone } = await service.space(principal, params.id)
    const at = query.at === undefined ? null : toInstant(query.at, timezone, { in: 'query', pointer: '/at' })
    return { body: presentExplanation(await service.why(principal, params.id, at)) }
  })
}

function historyRoute({ service, lists }: ExplainRoutesDeps): Route {
  return serve(spaceHistory, async ({ principal, input: { params, query } }) => {
    const { timezone } = await service.space(principal, params.id)
    const kind = { ...TRANSITIONS, scope: params.id }
    const request = { spaceId: params.id, page: lists.request(kind, query, principal), sources: query.source, ...toRange(query, timezone) }
    const { page, euis } = await service.history(principal, request)
    return { body: lists.envelope(kind, page, { input: query, principal, present: (row) => presentTransition(row, euis) }) }
  })
}

function timelineRoute({ service, lists }: ExplainRoutesDeps): Route {
  return serve(spaceTimeline, async ({ principal, input: { params, query } }) => {
    const { timezone } = await service.space(principal, params.id)
    const kind = { ...EVENTS, scope: params.id }
    const request = { spaceId: params.id, page: lists.request(kind, query, principal), types: query.types, ...toRange(query, timezone) }
    return {
      body: lists.envelope(kind, await service.timeline(principal, request), { input: query, principal, present: presentTimelineEvent }),
    }
  })
}
