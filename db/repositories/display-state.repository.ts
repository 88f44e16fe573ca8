/** The light's shadow, wanted against shown, with what its delivery needs to know of device, bay and policy (DB-252, DOM-601). */
import type { DisplayStateRow } from '#domain/display/light-rows'
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

const COLUMNS = `
  d.id as "deviceId", d.dev_eui as "devEui", d.model, d.lifecycle_state as "lifecycleState", d.archived_at is not null as "isArchived",
  d.config, d.assigned_space_id as "spaceId", s.site_id as "siteId", s.code as "spaceCode",
  (v.content->>'display_min_dwell_seconds')::int as "minDwellSeconds",
  coalesce(c.wanted_version, 0) as "wantedVersion", c.wanted_situation as "wantedSituation", c.wanted_color as "wantedColor",
  c.wanted_pattern as "wantedPattern", encode(c.wanted_payload, 'hex') as "wantedPayload", c.wanted_f_port as "wantedFPort",
  coalesce(c.wanted_confirmed, false) as "wantedConfirmed", c.decision_sequence as "decisionSequence",
  coalesce(c.sent_version, 0) as "sentVersion", ${epochMs('c.sent_at')} as "sentAt", c.shown_color as "shownColor",
  c.shown_pattern as "shownPattern", coalesce(c.proof, 'none') as proof, c.report_counter as "reportCounter",
  ${epochMs('c.drift_since')} as "driftSince", coalesce(c.unproved_count, 0) as "unprovedCount", c.dismissed_version as "dismissedVersion",
  ${epochMs('f.last_heard_at')} as "lastHeardAt", f.dev_addr as session, f.firmware`

const FROM = `
  from devices d
  left join display_state_cache c on c.tenant_id = d.tenant_id and c.device_id = d.id
  left join spaces s on s.tenant_id = d.tenant_id and s.id = d.assigned_space_id
  left join display_policy_versions v on v.tenant_id = d.tenant_id and v.policy_id = s.policy_id and v.version_no = s.policy_version
  left join sensor_debounce_state f on f.tenant_id = d.tenant_id and f.device_id = d.id
  where d.tenant_id = $1 and d.id = $2 and d.kind = 'display'`

const LOCK = `select 1 from display_state_cache where tenant_id = $1 and device_id = $2 for no key update`

const SENT = `
  update display_state_cache set sent_version = $3, sent_at = coalesce($4, sent_at), updated_at = now()
  where tenant_id = $1 and device_id = $2 and sent_version < $3`

const RESENT = `update display_state_cache set sent_at = $3, updated_at = now() where tenant_id = $1 and device_id = $2`

/** What a gateway or an acknowledgement says of a command; a later proof of the same display is never taken back to a weaker one. */
const SHOWN = `
  update display_state_cache set shown_color = $3, shown_pattern = $4, shown_at = $5, updated_at = now(),
    proof = case when proof = 'reported' and shown_color is not distinct from $3 and shown_pattern is not distinct from $4 and drift_since is null
      and $6 = 'transmitted' then proof else $6 end
  where tenant_id = $1 and device_id = $2`

const REPORTED = `
  update display_state_cache set shown_color = $3, shown_pattern = $4, shown_at = $5, proof = 'reported', report_counter = $6,
    drift_since = case when $7 then null else coalesce(drift_since, $5) end,
    unproved_count = case when $7 then 0 else unproved_count end,
    next_reconcile_at = case when $7 then null else next_reconcile_at end, updated_at = now()
  where tenant_id = $1 and device_id = $2`

const FORGOTTEN = `
  update display_state_cache set shown_color = null, shown_pattern = null, shown_at = $3, proof = 'none', report_counter = null,
    drift_since = null, updated_at = now()
  where tenant_id = $1 and device_id = $2`

const UNPROVED = `
  update display_state_cache set unproved_count = unproved_count + 1, updated_at = now()
  where tenant_id = $1 and device_id = $2 returning unproved_count as count`

const DISMISSED = `
  update display_state_cache set dismissed_version = greatest(coalesce(dismissed_version, 0), $3), updated_at = now()
  where tenant_id = $1 and device_id = $2`

const RECONCILE_AT = `update display_state_cache set next_reconcile_at = $3 where tenant_id = $1 and device_id = $2`

const at = (instant: Instant | null) => (instant === null ? null : new Date(instant))

export function createDisplayStateRepository(tx: TenantTx) {
  return {
    find: (deviceId: string): Promise<DisplayStateRow | null> =>
      tx.row<DisplayStateRow>(`select ${COLUMNS} ${FROM}`, [tx.tenantId, deviceId]),

    /** The last lock but one of DOM-910; commands of a light are written under it. */
    lock: (deviceId: string): Promise<number> => tx.run(LOCK, [tx.tenantId, deviceId]),

    /** `sentAt` null: nothing went out, since the light was sent the same before (DOM-330). */
    markSent: (deviceId: string, version: number, sentAt: Instant | null): Promise<number> =>
      tx.run(SENT, [tx.tenantId, deviceId, version, at(sentAt)]),

    markResent: (deviceId: string, sentAt: Instant): Promise<number> => tx.run(RESENT, [tx.tenantId, deviceId, at(sentAt)]),

    markShown: (
      deviceId: string,
      shown: {
        readonly color: string | null
        readonly pattern: string | null
        readonly at: Instant
        readonly proof: 'transmitted' | 'acked'
      },
    ): Promise<number> => tx.run(SHOWN, [tx.tenantId, deviceId, shown.color, shown.pattern, at(shown.at), shown.proof]),

    /** `isWanted`: the report equals the wanted display; otherwise drift begins (DOM-633). */
    markReported: (
      deviceId: string,
      report: {
        readonly color: string
        readonly pattern: string
        readonly at: Instant
        readonly counter: number
        readonly isWanted: boolean
      },
    ): Promise<number> =>
      tx.run(REPORTED, [tx.tenantId, deviceId, report.color, report.pattern, at(report.at), report.counter, report.isWanted]),

    /** After a join the light shows its own power-up colour (DOM-626). */
    forgetShown: (deviceId: string, since: Instant): Promise<number> => tx.run(FORGOTTEN, [tx.tenantId, deviceId, at(since)]),

    /** Returns how often in a row now. */
    async countUnproved(deviceId: string): Promise<number> {
      return (await tx.row<{ count: number }>(UNPROVED, [tx.tenantId, deviceId]))?.count ?? 0
    },

    /** Nothing is sent before the next wanted version, unless somebody asks (API-514, DOM-642). */
    dismiss: (deviceId: string, version: number): Promise<number> => tx.run(DISMISSED, [tx.tenantId, deviceId, version]),

    planReconcile: (deviceId: string, when: Instant | null): Promise<number> => tx.run(RECONCILE_AT, [tx.tenantId, deviceId, at(when)]),
  }
}
