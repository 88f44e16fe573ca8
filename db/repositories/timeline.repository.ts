/** Everything that happened to one space, in one line (API-337): readings, transitions, commands, reports, bookings, assignments, overrides, audit. */
import { isoOrNull } from './columns'
import { createFilter, listPage, type Page, type PageRequest, type ReadTx } from './list-query'
import type { Instant } from '#domain/shared/instant'

export interface TimelineRow {
  readonly id: string
  readonly type: string
  readonly at: Instant
  readonly data: Readonly<Record<string, unknown>>
}

export interface TimelineRequest {
  readonly spaceId: string
  readonly page: PageRequest
  readonly from: Instant | null
  readonly to: Instant | null
  readonly types: readonly string[] | undefined
}

/** Readings are found by the devices that hung here while they were heard: the key of that large table begins with the device. */
const READINGS = `
  select r.tenant_id, a.space_id, r.id::text as id, case a.device_kind when 'display' then 'report' else 'reading' end as type, r.heard_at as at,
    jsonb_build_object('device_id', r.device_id, 'dev_eui', upper(r.dev_eui), 'verdict', r.verdict, 'duplicate', r.repeat_count > 0,
      'repeat_count', r.repeat_count, 'late', r.verdict = 'late', 'occupied', r.occupied, 'f_cnt', r.f_cnt, 'rssi_dbm', r.rssi_dbm,
      'snr_db', r.snr_db, 'gateway_id', upper(r.gateway_eui), 'decode_error', r.decode_error) as data
  from device_assignments a
  join sensor_readings r on r.tenant_id = a.tenant_id and r.device_id = a.device_id and r.heard_at >= a.assigned_at
    and (a.unassigned_at is null or r.heard_at < a.unassigned_at)`

const TRANSITIONS = `
  select h.tenant_id, h.space_id, h.space_id::text || ':' || h.sequence, 'transition', h.recorded_at,
    jsonb_build_object('sequence', h.sequence, 'from_state', h.previous_state, 'to_state', h.new_state, 'state_reason', h.state_reason,
      'source', h.source, 'valid_at', h.valid_at, 'display', h.display)
  from state_changes h`

const COMMANDS = `
  select q.tenant_id, q.space_id, q.id::text, 'command', q.queued_at,
    jsonb_build_object('downlink_id', q.id, 'device_id', q.device_id, 'origin', q.origin, 'command', q.command, 'arguments', q.arguments,
      'status', q.status, 'status_reason', q.status_reason, 'decision_sequence', q.decision_sequence)
  from downlink_queue q`

/** Ids and times of bookings; whose they are, this line does not tell. */
const BOOKINGS = `
  select b.tenant_id, b.space_id, b.id::text, 'booking', b.start_time,
    jsonb_build_object('reservation_id', b.id, 'status', b.status, 'start_time', b.start_time, 'end_time', b.end_time)
  from reservations b`

const ASSIGNMENTS = `
  select g.tenant_id, g.space_id, g.id::text, 'assignment', g.assigned_at,
    jsonb_build_object('device_id', g.device_id, 'dev_eui', upper(g.dev_eui), 'kind', g.device_kind, 'event', 'assigned', 'reason', g.assignment_reason)
  from device_assignments g
  union all
  select g.tenant_id, g.space_id, g.id::text || ':end', 'assignment', g.unassigned_at,
    jsonb_build_object('device_id', g.device_id, 'dev_eui', upper(g.dev_eui), 'kind', g.device_kind, 'event', 'unassigned', 'reason', g.unassignment_reason)
  from device_assignments g where g.unassigned_at is not null`

const OVERRIDES = `
  select o.tenant_id, o.space_id, o.id::text, 'override', o.created_at,
    jsonb_build_object('override_id', o.id, 'kind', o.kind, 'reason', o.reason, 'from', o.starts_at, 'until', o.ends_at, 'ended_at', o.ended_at)
  from space_overrides o`

/** By its index: the resource is named in its own spelling. */
const auditOf = (spaceId: string) => `
  select l.tenant_id, ${spaceId}::uuid, l.id::text, 'audit', l.created_at,
    jsonb_build_object('action', l.action, 'actor', jsonb_build_object('type', l.actor_type, 'id', l.actor_id), 'request_id', l.request_id)
  from audit_log l where l.resource_type = 'space' and l.resource_id = ${spaceId}::uuid::text`

const fromAll = (spaceId: string) =>
  `from (${[READINGS, TRANSITIONS, COMMANDS, BOOKINGS, ASSIGNMENTS, OVERRIDES, auditOf(spaceId)].join('\n  union all')}) e`

export function createTimelineRepository(tx: ReadTx) {
  return {
    list({ spaceId, page, from, to, types }: TimelineRequest): Promise<Page<TimelineRow>> {
      const filter = createFilter(tx, 'e', page.tenantIds)
      const space = filter.bind(spaceId)
      filter.and(`e.space_id = ${space}::uuid`)
      filter.when(isoOrNull(from), (p) => `e.at >= ${p}::timestamptz`)
      filter.when(isoOrNull(to), (p) => `e.at < ${p}::timestamptz`)
      filter.when(types, (p) => `e.type = any(${p}::text[])`)
      return listPage<TimelineRow>(tx, {
        columns: 'e.id, e.type, floor(extract(epoch from e.at) * 1000)::bigint as at, e.data',
        from: fromAll(space),
        filter,
        sorts: { at: { sql: 'e.at', type: 'timestamptz' } },
        idColumn: 'e.id',
        tie: { type: 'text', descending: true },
        page,
      })
    },
  }
}
