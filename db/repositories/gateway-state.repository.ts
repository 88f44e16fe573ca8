/** Gateways as the network server and their frames show them: state, history, whom they serve (DB-237, DB-238, DOM-709). */
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs, wholeNumber } from './columns'

export interface RemoteGatewayRow {
  readonly gatewayEui: string
  readonly state: 'online' | 'offline' | 'never_seen'
  readonly lastSeenAt: Instant | null
}

export interface GatewayChange {
  readonly gatewayRef: string
  readonly gatewayEui: string
  readonly name: string
  readonly siteId: string | null
  readonly from: 'online' | 'offline' | 'never_seen'
  readonly to: 'online' | 'offline' | 'never_seen'
  readonly at: Instant
}

/**
 * Online: the server says so, or it was seen within the tenant's time, which the server's OFFLINE shortens to 60 s. The
 * update is a compare-and-set on the former state; history is written by the same statement.
 */
const APPLY = `
  with remote as (
    select * from unnest($2::text[], $3::text[], $4::timestamptz[]) as r (gateway_id, state, seen_at)
  ), limits as (
    select coalesce(${wholeNumber(`settings->'gateway_offline_after_seconds'`, 1)}, 300) as offline_after from tenants where id = $1
  ), judged as (
    select g.id, g.status as from_status, greatest(g.last_seen_at, r.seen_at) as seen_at,
      case
        when r.state = 'online' then 'online'
        when greatest(g.last_seen_at, r.seen_at) is null then 'never_seen'
        when greatest(g.last_seen_at, r.seen_at) > now() - make_interval(secs => case when r.state = 'offline' then least(60, l.offline_after) else l.offline_after end) then 'online'
        else 'offline'
      end as to_status
    from gateways g cross join limits l left join remote r on r.gateway_id = g.gateway_id
    where g.tenant_id = $1 and g.enabled
  ), changed as (
    update gateways g set status = j.to_status, status_since = now(), last_seen_at = j.seen_at
    from judged j where g.tenant_id = $1 and g.id = j.id and g.status = j.from_status and j.to_status <> j.from_status
    returning g.id, g.gateway_id, g.name, g.site_id, j.from_status, j.to_status
  ), seen as (
    update gateways g set last_seen_at = j.seen_at from judged j
    where g.tenant_id = $1 and g.id = j.id and j.to_status = j.from_status and j.seen_at > coalesce(g.last_seen_at, '-infinity') + interval '1 minute'
  ), history as (
    insert into gateway_status_changes (tenant_id, gateway_ref, from_status, to_status, at, detected_by)
    select $1, id, from_status, to_status, now(), 'gateway_watch' from changed
  )
  select id as "gatewayRef", gateway_id as "gatewayEui", name, site_id as "siteId", from_status as "from", to_status as "to",
    ${epochMs('now()')} as at from changed`

/** What this watch found since then, as it stands now. */
const FOUND_SINCE = `
  select g.gateway_id as "gatewayEui", g.status as "to" from gateways g
  where g.tenant_id = $1 and g.enabled and exists (select from gateway_status_changes c
    where c.tenant_id = $1 and c.gateway_ref = g.id and c.at >= $2 and c.detected_by = 'gateway_watch')
  order by 1`

/** Bays whose sensor this gateway heard within the last day of that sensor (DOM-213). */
const SERVED_SPACES = `
  select distinct d.assigned_space_id as "spaceId" from device_gateways g
  join devices d on d.tenant_id = g.tenant_id and d.id = g.device_id
  where g.tenant_id = $1 and g.gateway_eui = $2 and d.kind = 'sensor' and d.assigned_space_id is not null
    and g.last_heard_at > now() - interval '24 hours'
  order by 1`

const SERVED_DISPLAYS = `
  select g.device_id as "deviceId" from device_gateways g
  join devices d on d.tenant_id = g.tenant_id and d.id = g.device_id
  where g.tenant_id = $1 and g.gateway_eui = $2 and d.kind = 'display' and d.archived_at is null
    and g.last_heard_at > now() - interval '24 hours'
  order by 1`

/** Lights with something open or wanted: whom a returning network server concerns. */
const WAITING_DISPLAYS = `
  select c.device_id as "deviceId" from display_state_cache c
  where c.tenant_id = $1 and (c.wanted_version > c.sent_version
    or exists (select from downlink_queue q where q.tenant_id = $1 and q.device_id = c.device_id and q.status in ('queued', 'sent')))
  order by 1`

const LINK_STATE = `
  update chirpstack_links set state = $2, state_since = case when state = $2 then state_since else now() end,
    last_success_at = case when $2 = 'ok' then now() else last_success_at end, last_error = $3
  where tenant_id = $1 and (state <> $2 or $2 = 'ok')`

export function createGatewayStateRepository(tx: TenantTx) {
  const ids = async (text: string, values: readonly unknown[], member: 'spaceId' | 'deviceId') =>
    (await tx.rows<Readonly<Record<string, string>>>(text, values)).flatMap((row) => row[member] ?? [])

  return {
    /** Compares and writes; returns only what changed. */
    apply: (remote: readonly RemoteGatewayRow[]): Promise<GatewayChange[]> =>
      tx.rows<GatewayChange>(APPLY, [
        tx.tenantId,
        remote.map(({ gatewayEui }) => gatewayEui),
        remote.map(({ state }) => state),
        remote.map(({ lastSeenAt }) => (lastSeenAt === null ? null : new Date(lastSeenAt))),
      ]),

    foundSince: (since: Instant): Promise<Pick<GatewayChange, 'gatewayEui' | 'to'>[]> =>
      tx.rows(FOUND_SINCE, [tx.tenantId, new Date(since)]),

    servedSpaces: (gatewayEui: string): Promise<string[]> => ids(SERVED_SPACES, [tx.tenantId, gatewayEui], 'spaceId'),
    servedDisplays: (gatewayEui: string): Promise<string[]> => ids(SERVED_DISPLAYS, [tx.tenantId, gatewayEui], 'deviceId'),
    waitingDisplays: (): Promise<string[]> => ids(WAITING_DISPLAYS, [tx.tenantId], 'deviceId'),

    markLink: (state: 'ok' | 'unreachable' | 'unauthenticated', error: string | null): Promise<number> =>
      tx.run(LINK_STATE, [tx.tenantId, state, error]),
  }
}
