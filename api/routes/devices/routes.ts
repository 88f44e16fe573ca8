/** `/api/v6/devices` and `/api/v6/device-models`: who serves which operation. */
import type { z } from 'zod'
import { getDeviceStats, listDeviceModels, listReadings } from '#contract/device-readings'
import { getDevice, listDevices, listDisplays, listSensors } from '#contract/devices'
import type { UserPrincipal } from '#domain/authorization/principal'
import { allowedTransitions } from '#domain/device/lifecycle'
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import { serve, type Answer, type Route } from '../../middleware/call'
import { inMemoryPage } from '../shared/in-memory-page'
import type { ListKind, Lists } from '../shared/lists'
import { assertMay, may } from '../shared/may'
import { toInstant, toRange } from '../shared/site-time'
import { presentDeviceStats, presentListStats } from './counts'
import { presentModels } from './models'
import { presentDevice, presentReading } from './presenter'
import { problemsOf } from './problems'
import type { DeviceFilters, DeviceService } from './service'

const DEVICES: ListKind = { key: 'devices', defaultSort: [{ key: 'created_at', descending: true }] }
const READINGS: ListKind = { key: 'readings', defaultSort: [{ key: 'received_at', descending: true }] }
const MODELS: ListKind = { key: 'models', defaultSort: [] }

type SensorQuery = z.output<(typeof listSensors)['query']>

export interface DeviceRoutesDeps {
  readonly service: DeviceService
  readonly lists: Lists
}

export function createDeviceRoutes(deps: DeviceRoutesDeps): Route[] {
  const { service } = deps
  const list = listOf(deps)
  return [
    serve(listDevices, ({ principal, input: { query } }) => list(principal, query, kindsOf(query.kind, query.type, query.device_type))),
    serve(listSensors, ({ principal, input: { query } }) => list(principal, query, ['sensor'])),
    serve(listDisplays, ({ principal, input: { query } }) => list(principal, query, ['display'])),
    serve(getDevice, async ({ principal, input: { params } }) => {
      const detail = await service.get(principal, params.id)
      return { body: presentDetail(detail, principal), version: detail.device.version }
    }),
    ...otherRoutes(deps),
  ]
}

function otherRoutes({ service, lists }: DeviceRoutesDeps): Route[] {
  return [
    serve(listReadings, async ({ principal, input: { params, query } }) => {
      const kind = { ...READINGS, scope: JSON.stringify(params.id) }
      const page = await service.readings(principal, params.id, { page: lists.request(kind, query, principal), ...toRange(query) })
      return { body: lists.envelope(kind, page, { input: query, principal, present: presentReading }) }
    }),
    serve(getDeviceStats, async ({ principal, input: { query } }) => {
      const { counts, orphans } = await service.stats(principal, { siteId: query.site_id, tenantIds: query.tenant_id ?? null })
      return { body: presentDeviceStats(counts, { orphans, tenantId: principal.tenantId }) }
    }),
    serve(listDeviceModels, async ({ principal, input: { query } }) => {
      const page = inMemoryPage(presentModels(), lists.request(MODELS, query, principal))
      return { body: lists.envelope(MODELS, page, { input: query, principal, present: (model) => model }) }
    }),
  ]
}

function listOf({ service, lists }: DeviceRoutesDeps) {
  return async (principal: UserPrincipal, query: SensorQuery, kinds: readonly string[] | undefined): Promise<Answer> => {
    if (query.include_archived === true) assertMay(principal, { subject: 'Device', action: 'delete' }) // admins and up (API-027)
    const kind = { ...DEVICES, scope: kinds?.join() ?? '' }
    const request = { filters: filtersOf(query, kinds), withStats: query.include_stats === true }
    const { page, counts, now } = await service.list(principal, lists.request(kind, query, principal), request)
    const body = lists.envelope(kind, page, { input: query, principal, present: (device) => presentDevice(device, { principal, now }) })
    return { body: counts === null ? body : { ...body, stats: presentListStats(counts) } }
  }
}

function filtersOf(query: SensorQuery, kinds: readonly string[] | undefined): DeviceFilters {
  return {
    kinds,
    statuses: query.status,
    lifecycles: query.lifecycle_state,
    siteIds: query.site_id,
    spaceIds: query.space_id,
    assigned: query.assigned,
    online: query.is_online,
    models: query.model,
    suspect: query.suspect,
    syncStatuses: query.sync_status,
    proofs: query.proof,
    batteryBelowVolts: query.battery_below_volts,
    batteryLow: query.battery_low,
    silent: query.silent,
    silentSince: query.silent_since === undefined ? null : toInstant(query.silent_since, 'UTC', { in: 'query', pointer: '/silent_since' }),
    includeArchived: query.include_archived === true,
  }
}

/** Three names of one filter; given several, all hold. */
function kindsOf(...named: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const given = named.filter((kinds) => kinds !== undefined)
  return given.length === 0 ? undefined : ['sensor', 'display'].filter((kind) => given.every((kinds) => kinds.includes(kind)))
}

/** The steps that this principal may ask for (DOM-512). */
function presentDetail(detail: Awaited<ReturnType<DeviceService['get']>>, principal: UserPrincipal) {
  const { device, gateways, assignment, undecoded, now } = detail
  return {
    ...presentDevice(device, { principal, now }),
    assignment:
      assignment === null
        ? null
        : {
            space_id: assignment.spaceId,
            space_code: assignment.spaceCode,
            assigned_at: toIso(assignment.assignedAt),
            assigned_by: assignment.assignedBy,
            reason: assignment.reason,
          },
    allowed_transitions: may(principal, { subject: 'Device', action: 'transition' }) ? allowedTransitions(device.lifecycle, 'admin') : [],
    gateways: gateways.map(({ gatewayEui, lastHeardAt, rssiDbm, snrDb }) => ({
      gateway_id: presentEui(gatewayEui),
      last_heard_at: toIso(lastHeardAt),
      rssi_dbm: rssiDbm,
      snr_db: snrDb,
    })),
    problems: problemsOf({ device, gatewayCount: gateways.length, undecoded, now }),
  }
}
