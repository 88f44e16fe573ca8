/** Look-ups that precede a tenant (schema § 4): login, principal, refresh token, ingest routing, jobs, counters, lasting limits. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createDefinerFunctions, type DefinerFunction } from './helpers/2026-11-definer-function'
import { runAll } from './helpers/2026-11-run'

const lookup = (fn: Omit<DefinerFunction, 'language' | 'volatility'>): DefinerFunction => ({ ...fn, language: 'sql', volatility: 'stable' })

const TENANT_ACTIVE = '(t.is_active and t.suspended_at is null and t.deleted_at is null)'

const AUTH = [
  lookup({
    signature: 'auth_find_login(login_email text)',
    identity: 'auth_find_login(text)',
    returns: 'table (user_id uuid, password_hash text, is_active boolean)',
    body: `
      select u.id, u.password_hash, u.is_active from users u where u.email = lower(login_email)`,
    comment: 'Whom an e-mail address names, for checking a password (DB-140)',
  }),
  lookup({
    signature: 'auth_memberships(member_id uuid)',
    identity: 'auth_memberships(uuid)',
    returns: 'table (tenant_id uuid, name text, slug text, type text, tier text, role text, tenant_active boolean)',
    body: `
      select t.id, t.name, t.slug, t.type, t.subscription_tier, m.role, ${TENANT_ACTIVE}
      from user_memberships m join tenants t on t.id = m.tenant_id
      where m.user_id = member_id and m.is_active and t.deleted_at is null
      order by m.created_at desc, t.id`,
    comment: 'The tenants that a person is an active member of, the newest membership first (DB-141, API-201)',
  }),
  lookup({
    signature: 'auth_principal(member_id uuid, member_tenant_id uuid, member_session_id uuid)',
    identity: 'auth_principal(uuid, uuid, uuid)',
    returns: 'table (role text, user_active boolean, tenant_active boolean, session_active boolean, valid_after timestamptz)',
    body: `
      select m.role, u.is_active, ${TENANT_ACTIVE},
        exists (select from refresh_tokens r
                where r.tenant_id = t.id and r.user_id = u.id and r.session_id = member_session_id
                  and r.revoked_at is null and r.expires_at > now()),
        u.sessions_valid_after
      from users u
      join tenants t on t.id = member_tenant_id
      left join user_memberships m on m.tenant_id = t.id and m.user_id = u.id and m.is_active
      where u.id = member_id`,
    comment: 'Standing of the holder of an access token: role null without membership (DB-142)',
  }),
  lookup({
    signature: 'auth_find_refresh_token(hash bytea)',
    identity: 'auth_find_refresh_token(bytea)',
    returns: 'table (tenant_id uuid, token_id uuid, user_id uuid)',
    body: `
      select r.tenant_id, r.id, r.user_id from refresh_tokens r where r.token_hash = hash`,
    comment: 'Whose refresh token a SHA-256 is (DB-144)',
  }),
]

const INGEST = [
  lookup({
    signature: 'ingest_resolve(application_ids uuid[], tenant_refs uuid[], dev_euis text[])',
    identity: 'ingest_resolve(uuid[], uuid[], text[])',
    returns: 'table (line integer, tenant_id uuid, device_id uuid, kind text, model text, codec_options jsonb, "foreign" boolean)',
    body: `
      select asked.line::integer,
        coalesce(linked.tenant_id, d.tenant_id, (select t.id from tenants t where t.type = 'platform' order by t.id limit 1)),
        case when is_own then d.id end,
        case when is_own then d.kind end,
        case when is_own then coalesce(d.model, own.profile_models ->> d.device_profile_id::text) end,
        case when is_own then d.config end,
        coalesce(not is_own, false)
      from unnest(application_ids, tenant_refs, dev_euis) with ordinality asked (application_id, tenant_ref, dev_eui, line)
      left join lateral (
        select coalesce(
          (select a.tenant_id from chirpstack_applications a where a.application_id = asked.application_id),
          (select l.tenant_id from chirpstack_links l where l.chirpstack_tenant_id = asked.tenant_ref
           order by l.tenant_id limit 1)) as tenant_id
      ) linked on true
      left join devices d on d.dev_eui = asked.dev_eui and d.archived_at is null
      left join lateral (select d.tenant_id = coalesce(linked.tenant_id, d.tenant_id) as is_own) own_device on true
      left join chirpstack_links own on own.tenant_id = d.tenant_id
      order by asked.line`,
    comment:
      'Tenant and device of what was heard, by application, then network-server tenant, then EUI, else the platform pool (DOM-903); lines in the order asked (DB-147)',
    alsoTo: 'parking_ingest' as const,
  }),
  lookup({
    signature: 'device_eui_in_use(eui text)',
    identity: 'device_eui_in_use(text)',
    returns: 'boolean',
    body: `
      select exists (select from devices d where d.dev_eui = eui and d.archived_at is null)`,
    comment: 'Whether anybody holds this EUI, without saying who (DOM-534, DB-149)',
  }),
]

const JOBS = [
  lookup({
    signature: 'job_active_tenants()',
    identity: 'job_active_tenants()',
    returns: 'table (tenant_id uuid)',
    body: `
      select t.id from tenants t where ${TENANT_ACTIVE} order by t.id`,
    comment: 'Tenants that schedules serve (DB-150)',
  }),
  lookup({
    signature: 'job_due_spaces(at_most integer)',
    identity: 'job_due_spaces(integer)',
    returns: 'table (tenant_id uuid, space_id uuid)',
    body: `
      select s.tenant_id, s.id from spaces s
      where s.next_check_at <= now() and s.next_check_at is not null and s.deleted_at is null
      order by s.next_check_at limit at_most`,
    comment: 'Spaces whose answer may have changed with time, longest due first (DB-150, WF-200)',
  }),
  lookup({
    signature: 'job_due_reservations(at_most integer)',
    identity: 'job_due_reservations(integer)',
    returns: 'table (tenant_id uuid, reservation_id uuid)',
    body: `
      select due.tenant_id, due.id from (
        select r.tenant_id, r.id, r.hold_expires_at + interval '30 seconds' as due_at from reservations r
        where r.status = 'pending' and r.hold_expires_at < now() - interval '30 seconds'
        union all
        select r.tenant_id, r.id, r.end_time + interval '60 seconds' from reservations r
        where r.status in ('confirmed', 'active') and r.end_time < now() - interval '60 seconds'
        union all
        select r.tenant_id, r.id, r.start_time + interval '60 seconds' from reservations r
        where r.status = 'confirmed' and r.start_time < now() - interval '60 seconds' and r.end_time >= now() - interval '60 seconds'
      ) due order by due.due_at limit at_most`,
    comment:
      'Reservations whose exact timer should have been first: hold ended > 30 s ago, start or end passed > 60 s ago (WF-200, DB-150)',
  }),
  lookup({
    signature: 'job_pending_outbox(at_most integer)',
    identity: 'job_pending_outbox(integer)',
    returns: 'table (tenant_id uuid, target text)',
    body: `
      select o.tenant_id, o.target from outbox o
      where o.created_at < now() - interval '2 seconds' order by o.attempts, o.created_at limit at_most`,
    comment: 'Outbox rows that the process which committed them did not settle within 2 s, least tried first (WF-210, DB-150)',
  }),
]

const COUNTS = lookup({
  signature: 'metrics_counts()',
  identity: 'metrics_counts()',
  returns: 'table (metric text, tenant_id uuid, state text, value bigint)',
  body: `
    select 'spaces', s.tenant_id, s.current_state, count(*) from spaces s where s.deleted_at is null group by 2, 3
    union all
    select 'devices', d.tenant_id, d.kind || ':' || d.status, count(*) from devices d where d.archived_at is null group by 2, 3
    union all
    select 'gateways', g.tenant_id, g.status, count(*) from gateways g group by 2, 3
    union all
    select 'downlinks', q.tenant_id, q.status, count(*) from downlink_queue q where q.status in ('queued', 'sent', 'transmitted') group by 2, 3
    union all
    select 'displays', c.tenant_id, c.proof, count(*) from display_state_cache c group by 2, 3
    union all
    select 'alerts', a.tenant_id, a.kind, count(*) from alerts a where a.closed_at is null group by 2, 3
    union all
    select 'dead_letters', l.tenant_id, l.status, count(*) from ingest_dead_letters l where l.status = 'open' group by 2, 3
    union all
    select 'outbox', o.tenant_id, 'pending', count(*) from outbox o group by 2`,
  comment: 'Numbers for the exporter, by tenant and state; no ids of things (DB-151)',
})

const LOOKUPS = [...AUTH, ...INGEST, ...JOBS, COUNTS]

export class LookupFunctions1795500009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, createDefinerFunctions(LOOKUPS))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(
      runner,
      [...LOOKUPS].reverse().map((fn) => `drop function ${fn.identity}`),
    )
  }
}
