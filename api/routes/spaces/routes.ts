/** `/api/v6/spaces`: who serves which reading and which command. */
import { addOverride, clearSuspect, endOverride, endOverrides, replaceOverride, setSpaceState } from '#contract/space-commands'
import { getSpace, getSpaceStates, getSpaceStats, listSpaces } from '#contract/spaces'
import { issueAt } from '#contract/issues'
import type { Input } from '#contract/operation'
import { DomainError } from '#domain/shared/domain-error'
import { serve, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { toInstant } from '../shared/site-time'
import { filtersOf } from './filters'
import { presentGrid, readGridCursor } from './grid'
import { believeSensor, block, release } from './overrides'
import { presentSpace, WHOLE } from './presenter'
import type { SpaceService } from './service'
import { setState, type StateRequest } from './set-state'
import type { RunSpaceCommand } from './space-command'
import { presentStats } from './stats'

const SPACES = { key: 'spaces', defaultSort: [{ key: 'code', descending: false }] } as const

export interface SpaceRoutesDeps {
  readonly service: SpaceService
  readonly run: RunSpaceCommand
  readonly lists: Lists
}

export function createSpaceRoutes(deps: SpaceRoutesDeps): Route[] {
  return [...readRoutes(deps), ...commandRoutes(deps.run)]
}

function readRoutes({ service, lists }: SpaceRoutesDeps): Route[] {
  return [
    serve(listSpaces, async ({ principal, input: { query } }) => {
      const { page, now } = await service.list(principal, lists.request(SPACES, query, principal), filtersOf(query, query.site_id))
      const parts = { principal, now, withDevices: query.include_devices === true, withReservation: query.include_reservation === true }
      return { body: lists.envelope(SPACES, page, { input: query, principal, present: (space) => presentSpace(space, parts) }) }
    }),
    serve(getSpace, async ({ principal, input: { params } }) => {
      const { space, now } = await service.get(principal, params.id)
      return { body: presentSpace(space, { principal, now, ...WHOLE }), version: space.version }
    }),
    serve(getSpaceStats, async ({ principal, input: { query } }) => {
      const { site_id: siteId } = query
      const filters = filtersOf(query, siteId === undefined ? undefined : [siteId])
      const { counts, now } = await service.counts(principal, {
        filters,
        siteId,
        search: query.q ?? query.search ?? null,
        tenantIds: query.tenant_id ?? null,
      })
      return { body: presentStats(counts, { siteId, tenantId: principal.tenantId, now }) }
    }),
    serve(getSpaceStates, async ({ principal, input: { query } }) => {
      const zone = query.at === undefined ? 'UTC' : await service.timezoneOf(principal, query.site_id)
      const at = query.at === undefined ? null : toInstant(query.at, zone, { in: 'query', pointer: '/at' })
      const changedSince = query.changed_since === undefined ? null : readGridCursor(query.changed_since)
      const { rows, asOf } = await service.grid(principal, { siteId: query.site_id, at, changedSince })
      return { body: presentGrid(rows, { at, asOf, tenantId: principal.tenantId }) }
    }),
  ]
}

function commandRoutes(run: RunSpaceCommand): Route[] {
  return [
    serve(setSpaceState, (call) => setState(run, call, { spaceId: call.input.params.id, request: stateRequest(call.input) })),
    serve(addOverride, (call) => block(run, call, { spaceId: call.input.params.id, request: call.input.body, replaces: false })),
    serve(replaceOverride, (call) => block(run, call, { spaceId: call.input.params.id, request: call.input.body, replaces: true })),
    serve(endOverride, (call) => {
      const { id, override_id: overrideId } = call.input.params
      return release(run, call, { spaceId: id, overrideId, reason: call.input.body.reason ?? null })
    }),
    serve(endOverrides, (call) =>
      release(run, call, { spaceId: call.input.params.id, overrideId: null, reason: call.input.body.reason ?? null }),
    ),
    serve(clearSuspect, (call) => believeSensor(run, call, { spaceId: call.input.params.id, reason: call.input.body.reason })),
  ]
}

/** The state by whichever name, from the body or, as older clients do, from the query; two different ones contradict each other. */
function stateRequest({ body, query }: Input<typeof setSpaceState>): StateRequest {
  const named = [body.state, body.status, body.new_state, query.state, query.status, query.new_state].filter((state) => state !== undefined)
  const [state] = named
  if (state === undefined) throw new DomainError('validation.failed', { issues: [issueAt('body', '/state', 'required')] })
  if (named.some((other) => other !== state))
    throw new DomainError('validation.failed', { issues: [issueAt('body', '/state', 'conflict_with_field')] })
  return { state, reason: body.reason ?? query.reason ?? null, until: body.until ?? query.until ?? null }
}
