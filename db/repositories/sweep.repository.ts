/** What the loops look for in one tenant's rows: silent lights, lights to reconcile (WF-200, WF-220). */
import type { TenantTx } from '../tx'
import { LIGHT_LIMIT_SECONDS } from './device-columns'

export interface SilentDisplay {
  readonly deviceId: string
  readonly spaceId: string | null
  readonly siteId: string | null
  readonly lastHeardAt: Date | null
}

export interface DueSince {
  readonly cause: 'right' | 'override' | 'liveness' | null
  readonly lateMs: number
}

const WHY_DUE = `
  select next_check_cause as cause, greatest(0, extract(epoch from clock_timestamp() - next_check_at) * 1000)::int as "lateMs"
  from spaces where tenant_id = $1 and id = $2 and next_check_at <= clock_timestamp()`

const SILENT_AFTER = `make_interval(secs => ${LIGHT_LIMIT_SECONDS}::double precision)`

const NEWLY_SILENT = `
  select d.id as "deviceId", d.assigned_space_id as "spaceId", s.site_id as "siteId", d.last_seen_at as "lastHeardAt"
  from devices d
  left join spaces s on s.tenant_id = d.tenant_id and s.id = d.assigned_space_id
  where d.tenant_id = $1 and d.kind = 'display' and d.archived_at is null and d.enabled and d.assigned_space_id is not null
    and d.model = any($2) and d.last_seen_at < now() - ${SILENT_AFTER}
    and not exists (select from alerts a where a.tenant_id = d.tenant_id and a.kind = 'sensor_silent' and a.subject_id = d.id::text and a.closed_at is null)
  order by d.id limit 500`

const HEARD_AGAIN = `
  select a.subject_id as "deviceId" from alerts a
  join devices d on d.tenant_id = a.tenant_id and d.id = a.device_id
  where a.tenant_id = $1 and a.kind = 'sensor_silent' and a.closed_at is null and d.kind = 'display'
    and d.last_seen_at >= now() - ${SILENT_AFTER}
  order by a.id limit 500`

/**
 * Lights whose wanted differs from shown with nothing open, whose dead letter is due (`next_reconcile_at`), or whose report
 * is old; ≤ 100 a gateway and run. Each is planned on 10 min before it is nudged, so that a quiet answer is not nudged again at once.
 */
const TO_RECONCILE = `
  with due as (
    select c.device_id, row_number() over (partition by coalesce(f.last_gateway_eui, '') order by c.next_reconcile_at nulls first, c.device_id) as place
    from display_state_cache c
    join devices d on d.tenant_id = c.tenant_id and d.id = c.device_id
    left join sensor_debounce_state f on f.tenant_id = c.tenant_id and f.device_id = c.device_id
    where c.tenant_id = $1 and d.archived_at is null and d.enabled and d.lifecycle_state not in ('decommissioned', 'retired')
      and c.wanted_version > 0 and c.wanted_version > coalesce(c.dismissed_version, 0)
      and coalesce(c.next_reconcile_at, '-infinity') <= now()
      and (c.wanted_version > c.sent_version or c.drift_since is not null or c.next_reconcile_at is not null)
      and coalesce(c.wanted_at, '-infinity') < now() - interval '30 seconds'
      and not exists (select from downlink_queue q where q.tenant_id = c.tenant_id and q.device_id = c.device_id and q.status in ('queued', 'sent'))
  )
  update display_state_cache c set next_reconcile_at = now() + interval '10 minutes'
  from due where c.tenant_id = $1 and c.device_id = due.device_id and due.place <= 100
  returning c.device_id as "deviceId"`

export function createSweepRepository(tx: TenantTx) {
  const ids = async (text: string) => (await tx.rows<{ deviceId: string }>(text, [tx.tenantId])).map(({ deviceId }) => deviceId)
  return {
    /** Null: somebody was first. */
    whyDue: (spaceId: string): Promise<DueSince | null> => tx.row<DueSince>(WHY_DUE, [tx.tenantId, spaceId]),
    /** `reporting`: models that send their state by themselves; silence of the others means nothing. */
    newlySilentDisplays: (reporting: readonly string[]): Promise<SilentDisplay[]> =>
      tx.rows<SilentDisplay>(NEWLY_SILENT, [tx.tenantId, reporting]),
    displaysHeardAgain: (): Promise<string[]> => ids(HEARD_AGAIN),
    takeDisplaysToReconcile: (): Promise<string[]> => ids(TO_RECONCILE),
  }
}
