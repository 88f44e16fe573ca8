-- The migrated database, written by `npm run db:dump` from the catalogue; never edited by hand (DB-883).
-- Months of partitioned tables are shown by pattern.

-- default rights on new objects (f) of parking_owner: {parking_owner=X/parking_owner}
create collation natural_order (provider = icu, locale = 'und-u-kn-true');
create extension btree_gin;
create extension btree_gist;
create extension pg_trgm;
create extension unaccent;
grant usage on schema public to parking_app;
grant usage on schema public to parking_ingest;
grant usage on schema public to parking_lookup;
grant usage on schema public to parking_platform;

CREATE OR REPLACE FUNCTION public.auth_find_login(login_email text)
 RETURNS TABLE(user_id uuid, password_hash text, is_active boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select u.id, u.password_hash, u.is_active from users u where u.email = lower(login_email)$function$
;
alter function auth_find_login(text) owner to parking_lookup;
grant execute on function auth_find_login(text) to parking_app;
comment on function auth_find_login(text) is 'Whom an e-mail address names, for checking a password (DB-140)';

CREATE OR REPLACE FUNCTION public.auth_find_refresh_token(hash bytea)
 RETURNS TABLE(tenant_id uuid, token_id uuid, user_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select r.tenant_id, r.id, r.user_id from refresh_tokens r where r.token_hash = hash$function$
;
alter function auth_find_refresh_token(bytea) owner to parking_lookup;
grant execute on function auth_find_refresh_token(bytea) to parking_app;
comment on function auth_find_refresh_token(bytea) is 'Whose refresh token a SHA-256 is (DB-144)';

CREATE OR REPLACE FUNCTION public.auth_memberships(member_id uuid)
 RETURNS TABLE(tenant_id uuid, name text, slug text, type text, tier text, role text, tenant_active boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select t.id, t.name, t.slug, t.type, t.subscription_tier, m.role, (t.is_active and t.suspended_at is null and t.deleted_at is null)
      from user_memberships m join tenants t on t.id = m.tenant_id
      where m.user_id = member_id and m.is_active and t.deleted_at is null
      order by m.created_at desc, t.id$function$
;
alter function auth_memberships(uuid) owner to parking_lookup;
grant execute on function auth_memberships(uuid) to parking_app;
comment on function auth_memberships(uuid) is 'The tenants that a person is an active member of, the newest membership first (DB-141, API-201)';

CREATE OR REPLACE FUNCTION public.auth_principal(member_id uuid, member_tenant_id uuid, member_session_id uuid)
 RETURNS TABLE(role text, user_active boolean, tenant_active boolean, session_active boolean, valid_after timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select m.role, u.is_active, (t.is_active and t.suspended_at is null and t.deleted_at is null),
        exists (select from refresh_tokens r
                where r.tenant_id = t.id and r.user_id = u.id and r.session_id = member_session_id
                  and r.revoked_at is null and r.expires_at > now()),
        u.sessions_valid_after
      from users u
      join tenants t on t.id = member_tenant_id
      left join user_memberships m on m.tenant_id = t.id and m.user_id = u.id and m.is_active
      where u.id = member_id$function$
;
alter function auth_principal(uuid,uuid,uuid) owner to parking_lookup;
grant execute on function auth_principal(uuid,uuid,uuid) to parking_app;
comment on function auth_principal(uuid,uuid,uuid) is 'Standing of the holder of an access token: role null without membership (DB-142)';

CREATE OR REPLACE FUNCTION public.check_time_zone()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin
       if not exists (select from pg_timezone_names where name = new.timezone) then
         raise exception 'unknown time zone' using errcode = '23514', constraint = tg_table_name || '__time_zone';
       end if;
       return new;
     end $function$
;
alter function check_time_zone() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.clear_assignment_time()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin new.assigned_at := null; return new; end $function$
;
alter function clear_assignment_time() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.clone_table_security(parent regclass, part regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare statement text;
begin
  execute format('alter table %s enable row level security', part);
  execute format('alter table %s force row level security', part);
  for statement in
    select format('create policy %I on %s as %s for %s to %s%s%s', policyname, part, permissive, cmd,
             (select string_agg(quote_ident(role), ', ' order by role) from unnest(roles) role),
             ' using (' || qual || ')', ' with check (' || with_check || ')')
    from pg_policies where schemaname = 'public' and format('%I.%I', schemaname, tablename)::regclass = parent
  loop execute statement; end loop;
  for statement in
    select format('grant %s on %s to %I', privilege_type, part, pg_get_userbyid(grantee))
    from pg_class, aclexplode(relacl) where oid = parent and grantee <> relowner
    union all
    select format('grant %s (%I) on %s to %I', privilege_type, attname, part, pg_get_userbyid(grantee))
    from pg_attribute, aclexplode(attacl) where attrelid = parent and attnum > 0
  loop execute statement; end loop;
  for statement in
    select replace(pg_get_triggerdef(oid), ' ON ' || format('%I.%I', 'public', parent::text), ' ON ' || format('%I.%I', 'public', part::text))
    from pg_trigger where tgrelid = parent and not tgisinternal and tgtype & 1 = 0
  loop execute statement; end loop;
end $function$
;
alter function clone_table_security(regclass,regclass) owner to parking_owner;
comment on function clone_table_security(regclass,regclass) is 'Row security, policies, grants and statement triggers of a parent for its part (DB-135)';

CREATE OR REPLACE FUNCTION public.current_tenant_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.tenant_id', true), '')::uuid $function$
;
alter function current_tenant_id() owner to parking_owner;
grant execute on function current_tenant_id() to parking_app;
comment on function current_tenant_id() is 'The tenant of this transaction; null without one: no rows, no error (DB-130)';

CREATE OR REPLACE FUNCTION public.current_user_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.user_id', true), '')::uuid $function$
;
alter function current_user_id() owner to parking_owner;
grant execute on function current_user_id() to parking_app;
comment on function current_user_id() is 'The person of this transaction; null for processes (DB-130)';

CREATE OR REPLACE FUNCTION public.device_eui_in_use(eui text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select exists (select from devices d where d.dev_eui = eui and d.archived_at is null)$function$
;
alter function device_eui_in_use(text) owner to parking_lookup;
grant execute on function device_eui_in_use(text) to parking_app;
comment on function device_eui_in_use(text) is 'Whether anybody holds this EUI, without saying who (DOM-534, DB-149)';

CREATE OR REPLACE FUNCTION public.ingest_resolve(application_ids uuid[], tenant_refs uuid[], dev_euis text[])
 RETURNS TABLE(line integer, tenant_id uuid, device_id uuid, kind text, model text, codec_options jsonb, "foreign" boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
      order by asked.line$function$
;
alter function ingest_resolve(uuid[],uuid[],text[]) owner to parking_lookup;
grant execute on function ingest_resolve(uuid[],uuid[],text[]) to parking_app;
grant execute on function ingest_resolve(uuid[],uuid[],text[]) to parking_ingest;
comment on function ingest_resolve(uuid[],uuid[],text[]) is 'Tenant and device of what was heard, by application, then network-server tenant, then EUI, else the platform pool (DOM-903); lines in the order asked (DB-147)';

CREATE OR REPLACE FUNCTION public.is_platform_admin()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select current_user = 'parking_platform' $function$
;
alter function is_platform_admin() owner to parking_owner;
grant execute on function is_platform_admin() to parking_app;
grant execute on function is_platform_admin() to parking_platform;
comment on function is_platform_admin() is 'For readers of the catalogue; no policy calls it (DB-131)';

CREATE OR REPLACE FUNCTION public.job_active_tenants()
 RETURNS TABLE(tenant_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select t.id from tenants t where (t.is_active and t.suspended_at is null and t.deleted_at is null) order by t.id$function$
;
alter function job_active_tenants() owner to parking_lookup;
grant execute on function job_active_tenants() to parking_app;
comment on function job_active_tenants() is 'Tenants that schedules serve (DB-150)';

CREATE OR REPLACE FUNCTION public.job_due_reservations(at_most integer)
 RETURNS TABLE(tenant_id uuid, reservation_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select due.tenant_id, due.id from (
        select r.tenant_id, r.id, r.hold_expires_at + interval '30 seconds' as due_at from reservations r
        where r.status = 'pending' and r.hold_expires_at < now() - interval '30 seconds'
        union all
        select r.tenant_id, r.id, r.end_time + interval '60 seconds' from reservations r
        where r.status in ('confirmed', 'active') and r.end_time < now() - interval '60 seconds'
        union all
        select r.tenant_id, r.id, r.start_time + interval '60 seconds' from reservations r
        where r.status = 'confirmed' and r.start_time < now() - interval '60 seconds' and r.end_time >= now() - interval '60 seconds'
      ) due order by due.due_at limit at_most$function$
;
alter function job_due_reservations(integer) owner to parking_lookup;
grant execute on function job_due_reservations(integer) to parking_app;
comment on function job_due_reservations(integer) is 'Reservations whose exact timer should have been first: hold ended > 30 s ago, start or end passed > 60 s ago (WF-200, DB-150)';

CREATE OR REPLACE FUNCTION public.job_due_spaces(at_most integer)
 RETURNS TABLE(tenant_id uuid, space_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select s.tenant_id, s.id from spaces s
      where s.next_check_at <= now() and s.next_check_at is not null and s.deleted_at is null
      order by s.next_check_at limit at_most$function$
;
alter function job_due_spaces(integer) owner to parking_lookup;
grant execute on function job_due_spaces(integer) to parking_app;
comment on function job_due_spaces(integer) is 'Spaces whose answer may have changed with time, longest due first (DB-150, WF-200)';

CREATE OR REPLACE FUNCTION public.job_pending_outbox(at_most integer)
 RETURNS TABLE(tenant_id uuid, target text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
      select o.tenant_id, o.target from outbox o
      where o.created_at < now() - interval '2 seconds' order by o.attempts, o.created_at limit at_most$function$
;
alter function job_pending_outbox(integer) owner to parking_lookup;
grant execute on function job_pending_outbox(integer) to parking_app;
comment on function job_pending_outbox(integer) is 'Outbox rows that the process which committed them did not settle within 2 s, least tried first (WF-210, DB-150)';

CREATE OR REPLACE FUNCTION public.make_default_partition(parent regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('create table public.%I partition of %s default', parent || '_default', parent);
  perform clone_table_security(parent, (parent || '_default')::regclass);
  execute format('comment on table %I is %L', parent || '_default', 'Strays of ' || parent || ' that no month takes (DB-801)');
end $function$
;
alter function make_default_partition(regclass) owner to parking_owner;
comment on function make_default_partition(regclass) is 'The part for what no month takes (DB-801)';

CREATE OR REPLACE FUNCTION public.make_partition(parent regclass, from_at timestamp with time zone, to_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  name text := format('%s_y%sm%s', parent, to_char(from_at at time zone 'utc', 'YYYY'), to_char(from_at at time zone 'utc', 'MM'));
  default_part text := parent || '_default';
  key text := (select a.attname from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
               where p.partrelid = parent);
  columns text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                   where attrelid = parent and attnum > 0 and not attisdropped and attgenerated = '');
  in_range text := format('%I >= %L and %I < %L', key, from_at, key, to_at);
begin
  if to_regclass(name) is not null then return false; end if;
  execute format('create table public.%I (like %s including defaults including constraints including generated including storage)', name, parent);
  execute format('lock table %I in access exclusive mode', default_part);
  execute format('alter table %I no force row level security', default_part);
  execute format('create temporary table strays on commit drop as select %s from %I where %s', columns, default_part, in_range);
  execute format('delete from %I where %s', default_part, in_range);
  execute format('alter table %I force row level security', default_part);
  execute format('alter table %s attach partition %I for values from (%L) to (%L)', parent, name, from_at, to_at);
  execute format('insert into %I (%s) select %s from pg_temp.strays', name, columns, columns);
  drop table pg_temp.strays;
  perform clone_table_security(parent, name::regclass);
  execute format('comment on table %I is %L', name, 'One month of ' || parent);
  return true;
end $function$
;
alter function make_partition(regclass,timestamp with time zone,timestamp with time zone) owner to parking_owner;
comment on function make_partition(regclass,timestamp with time zone,timestamp with time zone) is 'Makes one month, moving its strays out of the default part; false if it exists (DB-161)';

CREATE OR REPLACE FUNCTION public.metrics_counts()
 RETURNS TABLE(metric text, tenant_id uuid, state text, value bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
    select 'outbox', o.tenant_id, 'pending', count(*) from outbox o group by 2$function$
;
alter function metrics_counts() owner to parking_lookup;
grant execute on function metrics_counts() to parking_app;
comment on function metrics_counts() is 'Numbers for the exporter, by tenant and state; no ids of things (DB-151)';

CREATE OR REPLACE FUNCTION public.mirror_assignment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     declare holder text := case new.kind when 'sensor' then 'sensor_device_id' else 'display_device_id' end;
     begin
       if tg_op = 'UPDATE' and old.assigned_space_id is not null then
         execute format('update spaces set %I = null where tenant_id = $1 and id = $2 and %I = $3', holder, holder)
           using old.tenant_id, old.assigned_space_id, old.id;
       end if;
       if new.assigned_space_id is not null and new.archived_at is null then
         execute format('update spaces set %I = $3 where tenant_id = $1 and id = $2', holder)
           using new.tenant_id, new.assigned_space_id, new.id;
       end if;
       return null;
     end $function$
;
alter function mirror_assignment() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.ops_ensure_partitions(ahead integer DEFAULT 3)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  this_month timestamp := date_trunc('month', now() at time zone 'utc');
  parent regclass;
  step integer;
  made integer := 0;
begin
  if ahead not between 0 and 24 then raise exception 'ahead must be between 0 and 24' using errcode = '22023'; end if;
  for parent in select partrelid::regclass from pg_partitioned_table where pg_get_userbyid((select relowner from pg_class where oid = partrelid)) = current_user loop
    for step in -1 .. ahead loop
      if make_partition(parent, (this_month + make_interval(months => step)) at time zone 'utc',
                                (this_month + make_interval(months => step + 1)) at time zone 'utc') then
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $function$
;
alter function ops_ensure_partitions(integer) owner to parking_owner;
grant execute on function ops_ensure_partitions(integer) to parking_app;
comment on function ops_ensure_partitions(integer) is 'Makes the months that are missing, last month included; returns how many (DB-153, DB-800)';

CREATE OR REPLACE FUNCTION public.rate_limit_peek(limit_scope text, limit_key text, max_cost integer)
 RETURNS TABLE(granted boolean, remaining integer, retry_after_ms integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    select used.total < max_cost and not used.blocked, greatest(0, max_cost - used.total)::integer,
      case when used.blocked then ceil(1000 * extract(epoch from used.blocked_until - now()))::integer else 0 end
    from (
      select coalesce(sum(p.amount) filter (where s.from_at + p.part * make_interval(secs => s.window_seconds / 60.0)
                                                  > now() - make_interval(secs => s.window_seconds)), 0) as total,
             coalesce(bool_or(s.blocked_until > now()), false) as blocked, max(s.blocked_until) as blocked_until
      from rate_limit_state s, unnest(s.parts) with ordinality p (amount, part)
      where s.scope = limit_scope and s.key = limit_key
    ) used$function$
;
alter function rate_limit_peek(text,text,integer) owner to parking_lookup;
grant execute on function rate_limit_peek(text,text,integer) to parking_app;
comment on function rate_limit_peek(text,text,integer) is 'What is left, taking nothing (DB-152)';

CREATE OR REPLACE FUNCTION public.rate_limit_reset(limit_scope text, limit_key text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    begin delete from rate_limit_state s where s.scope = limit_scope and s.key = limit_key; end$function$
;
alter function rate_limit_reset(text,text) owner to parking_lookup;
grant execute on function rate_limit_reset(text,text) to parking_app;
comment on function rate_limit_reset(text,text) is 'Forgets a limit, as after a good login (DB-152)';

CREATE OR REPLACE FUNCTION public.rate_limit_return(limit_scope text, limit_key text, cost integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    declare used integer[]; slot integer; back integer := cost; given integer;
    begin
      select s.parts into used from rate_limit_state s where s.scope = limit_scope and s.key = limit_key for no key update;
      if not found then return; end if;
      for slot in reverse 60..1 loop
        given := least(back, used[slot]);
        used[slot] := used[slot] - given; back := back - given;
      end loop;
      update rate_limit_state s set parts = used, updated_at = clock_timestamp() where s.scope = limit_scope and s.key = limit_key;
    end$function$
;
alter function rate_limit_return(text,text,integer) owner to parking_lookup;
grant execute on function rate_limit_return(text,text,integer) to parking_app;
comment on function rate_limit_return(text,text,integer) is 'Gives back what was taken and not used, newest parts first (DB-152)';

CREATE OR REPLACE FUNCTION public.rate_limit_take(limit_scope text, limit_key text, cost integer, max_cost integer, window_seconds integer)
 RETURNS TABLE(granted boolean, remaining integer, retry_after_ms integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    declare
      at timestamptz := clock_timestamp();
      part interval; used integer[]; origin timestamptz; stored_window integer; blocked timestamptz;
      gone integer; slot integer; total integer; freed integer := 0; step integer := 0;
    begin
      if cost < 0 or window_seconds <= 0 then raise exception 'cost and window must be positive' using errcode = '22023'; end if;

      part := make_interval(secs => window_seconds / 60.0);
      insert into rate_limit_state as s (scope, key, parts, from_at, window_seconds)
        values (limit_scope, limit_key, array_fill(0, array[60]), at, rate_limit_take.window_seconds)
        on conflict (scope, key) do update set updated_at = at
        returning s.parts, s.from_at, s.window_seconds, s.blocked_until into used, origin, stored_window, blocked;
      gone := floor(extract(epoch from at - origin) / extract(epoch from part))::integer - 59;
      if stored_window <> rate_limit_take.window_seconds or gone >= 60 then
        used := array_fill(0, array[60]); origin := at;
      elsif gone > 0 then
        used := used[gone + 1:] || array_fill(0, array[gone]); origin := origin + gone * part;
      end if;
      slot := greatest(1, least(60, floor(extract(epoch from at - origin) / extract(epoch from part))::integer + 1));
      total := (select coalesce(sum(u), 0) from unnest(used) u);
      granted := total + cost <= max_cost and coalesce(blocked <= at, true);
      if granted then used[slot] := used[slot] + cost; total := total + cost; end if;
      update rate_limit_state s set parts = used, from_at = origin, window_seconds = rate_limit_take.window_seconds
        where s.scope = limit_scope and s.key = limit_key;
      remaining := greatest(0, max_cost - total);
      while not granted and step < 60 and total - freed + cost > max_cost loop
        step := step + 1; freed := freed + used[step];
      end loop;
      retry_after_ms := case when granted then 0 else
        greatest(1, ceil(1000 * extract(epoch from greatest(origin + (60 - 1 + step) * part, blocked) - at)))::integer end;
      return next;
    end$function$
;
alter function rate_limit_take(text,text,integer,integer,integer) owner to parking_lookup;
grant execute on function rate_limit_take(text,text,integer,integer,integer) to parking_app;
comment on function rate_limit_take(text,text,integer,integer,integer) is 'Takes `cost` of `max_cost` per window, or says when to come again; a refusal counts nothing (DB-152)';

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin raise exception 'append-only table' using detail = format('%s on %s', tg_op, tg_table_name); end $function$
;
alter function refuse_change() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.refuse_lower_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin
       if new.wanted_version < old.wanted_version or new.sent_version < old.sent_version then
         raise exception 'versions of a light only rise' using errcode = '23514', constraint = 'display_state_cache__monotone';
       end if;
       return new;
     end $function$
;
alter function refuse_lower_version() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.refuse_version_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin
       if old.superseded_at is null
          and (to_jsonb(new) - 'superseded_at') = (to_jsonb(old) - 'superseded_at') then return new; end if;
       raise exception 'append-only table' using detail = 'UPDATE on display_policy_versions';
     end $function$
;
alter function refuse_version_change() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.search_key(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select lower(public.unaccent('public.unaccent'::regdictionary, value) collate "und-x-icu") $function$
;
alter function search_key(text) owner to parking_owner;
grant execute on function search_key(text) to parking_app;
grant execute on function search_key(text) to parking_ingest;
grant execute on function search_key(text) to parking_lookup;
grant execute on function search_key(text) to parking_platform;
comment on function search_key(text) is 'What search compares: no case, no accents (DB-110)';

CREATE OR REPLACE FUNCTION public.touch_time()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin new.updated_at := now(); return new; end $function$
;
alter function touch_time() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.touch_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
     begin new.updated_at := now(); new.version := old.version + 1; return new; end $function$
;
alter function touch_version() owner to parking_owner;

CREATE OR REPLACE FUNCTION public.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$
     select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
       placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
       52, 1), 53, 1), 'hex')::uuid $function$
;
alter function uuid_v7() owner to parking_owner;
grant execute on function uuid_v7() to parking_app;
grant execute on function uuid_v7() to parking_ingest;
grant execute on function uuid_v7() to parking_lookup;
grant execute on function uuid_v7() to parking_platform;
comment on function uuid_v7() is 'Default of ids that the application did not make (D-21)';

create table alerts (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  severity text not null,
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  site_id uuid,
  space_id uuid,
  device_id uuid,
  evidence jsonb default '{}'::jsonb not null,
  opened_at timestamp with time zone default now() not null,
  closed_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by uuid,
  note text,
  constraint alerts__pk PRIMARY KEY (tenant_id, id),
  constraint alerts__evidence CHECK ((jsonb_typeof(evidence) = 'object'::text)),
  constraint alerts__severity CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  constraint alerts__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX alerts__one_open ON public.alerts USING btree (tenant_id, kind, subject_id) WHERE (closed_at IS NULL);
CREATE INDEX idx_alerts_opened ON public.alerts USING btree (tenant_id, opened_at DESC);
alter table alerts enable row level security;
alter table alerts force row level security;
create policy lookup_access on alerts as permissive for select to parking_lookup using (true);
create policy platform_access on alerts as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on alerts as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on alerts to parking_app;
grant select (closed_at, kind, severity, tenant_id) on alerts to parking_lookup;
grant delete, insert, select, update on alerts to parking_platform;
comment on table alerts is 'What is wrong now; closes by itself when its cause ends, never by acknowledging (DOM-1085)';

create table audit_log (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  actor_type text not null,
  actor_id uuid,
  actor_name text,
  action text not null,
  resource_type text not null,
  resource_id text,
  old_values jsonb,
  new_values jsonb,
  metadata jsonb default '{}'::jsonb not null,
  ip_address inet,
  user_agent text,
  request_id text,
  workflow_id text,
  run_id text,
  switch_id uuid,
  success boolean default true not null,
  error_message text,
  created_at timestamp with time zone default now() not null,
  constraint audit_log__pk PRIMARY KEY (tenant_id, id),
  constraint audit_log__actor_type CHECK ((actor_type = ANY (ARRAY['user'::text, 'api_key'::text, 'system'::text, 'webhook'::text, 'workflow'::text]))),
  constraint audit_log__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint audit_log__new_values CHECK ((jsonb_typeof(new_values) = 'object'::text)),
  constraint audit_log__old_values CHECK ((jsonb_typeof(old_values) = 'object'::text))
);
CREATE INDEX idx_audit_log_action ON public.audit_log USING btree (tenant_id, action text_pattern_ops, created_at DESC);
CREATE INDEX idx_audit_log_actor ON public.audit_log USING btree (tenant_id, actor_id, created_at DESC);
CREATE INDEX idx_audit_log_created ON public.audit_log USING btree (created_at DESC);
CREATE INDEX idx_audit_log_request ON public.audit_log USING btree (tenant_id, request_id);
CREATE INDEX idx_audit_log_resource ON public.audit_log USING btree (tenant_id, resource_type, resource_id, created_at DESC);
CREATE INDEX idx_audit_log_tenant ON public.audit_log USING btree (tenant_id, created_at DESC, id);
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy platform_access on audit_log as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on audit_log as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER audit_log__append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert (action, actor_id, actor_name, actor_type, error_message, id, ip_address, metadata, new_values, old_values, request_id, resource_id, resource_type, run_id, success, switch_id, tenant_id, user_agent, workflow_id), select on audit_log to parking_app;
grant insert (action, actor_id, actor_name, actor_type, error_message, id, ip_address, metadata, new_values, old_values, request_id, resource_id, resource_type, run_id, success, switch_id, tenant_id, user_agent, workflow_id), select on audit_log to parking_platform;
comment on table audit_log is 'Who did what, from where; refuses change by anyone, and outlives tenant, person and key (D-16)';

create table chirpstack_applications (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  application_id uuid not null,
  name text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint chirpstack_applications__pk PRIMARY KEY (tenant_id, id),
  constraint chirpstack_applications__application_unique UNIQUE (application_id),
  constraint chirpstack_applications__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
alter table chirpstack_applications enable row level security;
alter table chirpstack_applications force row level security;
create policy lookup_access on chirpstack_applications as permissive for select to parking_lookup using (true);
create policy platform_access on chirpstack_applications as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on chirpstack_applications as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER chirpstack_applications__touch BEFORE UPDATE ON public.chirpstack_applications FOR EACH ROW WHEN (((old.application_id IS DISTINCT FROM new.application_id) OR (old.name IS DISTINCT FROM new.name))) EXECUTE FUNCTION touch_time();
grant select on chirpstack_applications to parking_app;
grant select (application_id, tenant_id) on chirpstack_applications to parking_lookup;
grant delete, insert, select, update on chirpstack_applications to parking_platform;
comment on table chirpstack_applications is 'Which application of the network server belongs to which tenant (D-52); the platform writes it';

create table chirpstack_drift (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  entity_type text not null,
  entity_id uuid,
  eui text not null,
  kind text not null,
  field text,
  ours jsonb,
  theirs jsonb,
  since timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  status text default 'open'::text not null,
  resolution text,
  resolved_by uuid,
  resolved_at timestamp with time zone,
  constraint chirpstack_drift__pk PRIMARY KEY (tenant_id, id),
  constraint chirpstack_drift__entity_type CHECK ((entity_type = ANY (ARRAY['device'::text, 'gateway'::text, 'application'::text]))),
  constraint chirpstack_drift__kind CHECK ((kind = ANY (ARRAY['field'::text, 'missing_ours'::text, 'missing_theirs'::text, 'foreign_application'::text]))),
  constraint chirpstack_drift__status CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text, 'ignored'::text]))),
  constraint chirpstack_drift__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX chirpstack_drift__one_open ON public.chirpstack_drift USING btree (tenant_id, entity_type, eui, kind, field) NULLS NOT DISTINCT WHERE (status = 'open'::text);
CREATE INDEX idx_chirpstack_drift_status ON public.chirpstack_drift USING btree (tenant_id, status, since DESC);
alter table chirpstack_drift enable row level security;
alter table chirpstack_drift force row level security;
create policy ingest_access on chirpstack_drift as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on chirpstack_drift as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on chirpstack_drift as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on chirpstack_drift to parking_app;
grant insert, select, update on chirpstack_drift to parking_ingest;
grant delete, insert, select, update on chirpstack_drift to parking_platform;
comment on table chirpstack_drift is 'Every difference between us and the network server, until a rule or an operator settles it (D-63)';

create table chirpstack_links (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  chirpstack_tenant_id uuid,
  api_token_sealed bytea,
  default_device_profile_id uuid,
  rules jsonb default '{}'::jsonb not null,
  profile_models jsonb default '{}'::jsonb not null,
  state text not null,
  state_since timestamp with time zone default now() not null,
  last_success_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint chirpstack_links__pk PRIMARY KEY (tenant_id, id),
  constraint chirpstack_links__one_per_tenant UNIQUE (tenant_id),
  constraint chirpstack_links__profile_models CHECK ((jsonb_typeof(profile_models) = 'object'::text)),
  constraint chirpstack_links__rules CHECK ((jsonb_typeof(rules) = 'object'::text)),
  constraint chirpstack_links__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
alter table chirpstack_links enable row level security;
alter table chirpstack_links force row level security;
create policy lookup_access on chirpstack_links as permissive for select to parking_lookup using (true);
create policy platform_access on chirpstack_links as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on chirpstack_links as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER chirpstack_links__touch BEFORE UPDATE ON public.chirpstack_links FOR EACH ROW WHEN ((((((old.chirpstack_tenant_id IS DISTINCT FROM new.chirpstack_tenant_id) OR (old.api_token_sealed IS DISTINCT FROM new.api_token_sealed)) OR (old.default_device_profile_id IS DISTINCT FROM new.default_device_profile_id)) OR (old.rules IS DISTINCT FROM new.rules)) OR (old.profile_models IS DISTINCT FROM new.profile_models))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on chirpstack_links to parking_app;
grant select (chirpstack_tenant_id, profile_models, tenant_id) on chirpstack_links to parking_lookup;
grant delete, insert, select, update on chirpstack_links to parking_platform;
comment on table chirpstack_links is 'How a tenant reaches its network server; one per tenant';

create table device_assignments (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  device_id uuid not null,
  device_kind text not null,
  dev_eui text not null,
  space_id uuid not null,
  assigned_at timestamp with time zone not null,
  unassigned_at timestamp with time zone,
  assigned_by uuid,
  unassigned_by uuid,
  assignment_reason text,
  unassignment_reason text,
  period tstzrange generated always as (tstzrange(assigned_at, unassigned_at, '[)'::text)) stored,
  constraint device_assignments__pk PRIMARY KEY (tenant_id, id),
  constraint device_assignments__dev_eui CHECK ((dev_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint device_assignments__device FOREIGN KEY (tenant_id, device_id) REFERENCES devices(tenant_id, id) ON DELETE CASCADE,
  constraint device_assignments__device_kind CHECK ((device_kind = ANY (ARRAY['sensor'::text, 'display'::text]))),
  constraint device_assignments__one_device EXCLUDE USING gist (tenant_id WITH =, space_id WITH =, device_kind WITH =, period WITH &&),
  constraint device_assignments__one_space EXCLUDE USING gist (tenant_id WITH =, device_id WITH =, period WITH &&),
  constraint device_assignments__space FOREIGN KEY (tenant_id, space_id) REFERENCES spaces(tenant_id, id),
  constraint device_assignments__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_device_assignments_device ON public.device_assignments USING btree (tenant_id, device_id, assigned_at DESC);
CREATE INDEX idx_device_assignments_space ON public.device_assignments USING btree (tenant_id, space_id, assigned_at DESC);
alter table device_assignments enable row level security;
alter table device_assignments force row level security;
create policy platform_access on device_assignments as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on device_assignments as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant insert, select, update on device_assignments to parking_app;
grant delete, insert, select, update on device_assignments to parking_platform;
comment on table device_assignments is 'Which device hung at which space from when to when; kept without end';

create table device_events (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  device_id uuid not null,
  kind text not null,
  event_key text not null,
  queue_item_id uuid,
  at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  body jsonb not null,
  command_id uuid,
  constraint device_events__pk PRIMARY KEY (tenant_id, device_id, at, id),
  constraint device_events__body CHECK ((jsonb_typeof(body) = 'object'::text)),
  constraint device_events__event_once UNIQUE (tenant_id, event_key, at),
  constraint device_events__kind CHECK ((kind = ANY (ARRAY['join'::text, 'ack'::text, 'txack'::text, 'log'::text, 'status'::text, 'location'::text]))),
  constraint device_events__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) partition by RANGE (at);
-- part: device_events_default
-- part: device_events_yYYYYmMM
CREATE INDEX idx_device_events_queue_item ON ONLY public.device_events USING btree (tenant_id, queue_item_id) WHERE (queue_item_id IS NOT NULL);
alter table device_events enable row level security;
alter table device_events force row level security;
create policy ingest_access on device_events as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on device_events as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on device_events as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on device_events to parking_app;
grant insert, select, update on device_events to parking_ingest;
grant select on device_events to parking_platform;
comment on table device_events is 'What the network server told about a device beside its uplinks';

create table device_gateways (
  tenant_id uuid not null,
  device_id uuid not null,
  gateway_eui text not null,
  last_heard_at timestamp with time zone not null,
  rssi_dbm smallint,
  snr_db real,
  uplinks bigint default 0 not null,
  constraint device_gateways__pk PRIMARY KEY (tenant_id, device_id, gateway_eui),
  constraint device_gateways__gateway_eui CHECK ((gateway_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint device_gateways__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) with (fillfactor=70);
CREATE INDEX idx_device_gateways_gateway ON public.device_gateways USING btree (tenant_id, gateway_eui, last_heard_at);
alter table device_gateways enable row level security;
alter table device_gateways force row level security;
create policy ingest_access on device_gateways as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on device_gateways as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on device_gateways as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on device_gateways to parking_app;
grant insert, select, update on device_gateways to parking_ingest;
grant select on device_gateways to parking_platform;
comment on table device_gateways is 'Which gateways hear a device, and how well';

create table device_lifecycle_events (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  device_id uuid not null,
  from_state text,
  to_state text not null,
  reason text,
  cause text not null,
  actor_type text not null,
  actor_id uuid,
  workflow_id text,
  occurred_at timestamp with time zone not null,
  constraint device_lifecycle_events__pk PRIMARY KEY (tenant_id, id),
  constraint device_lifecycle_events__device FOREIGN KEY (tenant_id, device_id) REFERENCES devices(tenant_id, id) ON DELETE CASCADE,
  constraint device_lifecycle_events__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_device_lifecycle_events_device ON public.device_lifecycle_events USING btree (tenant_id, device_id, occurred_at DESC);
alter table device_lifecycle_events enable row level security;
alter table device_lifecycle_events force row level security;
create policy platform_access on device_lifecycle_events as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on device_lifecycle_events as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER device_lifecycle_events__append_only BEFORE UPDATE ON public.device_lifecycle_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on device_lifecycle_events to parking_app;
grant delete, insert, select, update on device_lifecycle_events to parking_platform;
comment on table device_lifecycle_events is 'Every step of a device from discovery to retirement; append-only';

create table devices (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  kind text not null,
  dev_eui text not null,
  name text not null,
  description text,
  location text,
  device_type text,
  manufacturer text,
  model text,
  join_eui text,
  lifecycle_state text default 'provisioned'::text not null,
  enabled boolean default true not null,
  assigned_space_id uuid,
  assigned_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  battery_volts numeric(4,2),
  battery_percent smallint,
  config jsonb default '{}'::jsonb not null,
  metadata jsonb default '{}'::jsonb not null,
  chirpstack_device_id text,
  chirpstack_application_id uuid,
  device_profile_id uuid,
  chirpstack_sync_status text default 'none'::text not null,
  chirpstack_last_sync_at timestamp with time zone,
  provisioning jsonb,
  archived_at timestamp with time zone,
  status text generated always as (
CASE
    WHEN (lifecycle_state = 'retired'::text) THEN 'retired'::text
    WHEN ((lifecycle_state = 'decommissioned'::text) OR (NOT enabled)) THEN 'inactive'::text
    WHEN (lifecycle_state = 'maintenance'::text) THEN 'maintenance'::text
    WHEN (assigned_space_id IS NULL) THEN 'unassigned'::text
    WHEN (last_seen_at >= assigned_at) THEN 'active'::text
    ELSE 'assigned'::text
END) stored,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint devices__pk PRIMARY KEY (tenant_id, id),
  constraint devices__assigned_space FOREIGN KEY (tenant_id, assigned_space_id) REFERENCES spaces(tenant_id, id) ON DELETE SET NULL (assigned_space_id),
  constraint devices__assignment CHECK (((assigned_space_id IS NULL) = (assigned_at IS NULL))),
  constraint devices__battery_percent CHECK (((battery_percent >= 0) AND (battery_percent <= 100))),
  constraint devices__chirpstack_sync_status CHECK ((chirpstack_sync_status = ANY (ARRAY['none'::text, 'pending'::text, 'synced'::text, 'drift'::text, 'error'::text]))),
  constraint devices__config CHECK ((jsonb_typeof(config) = 'object'::text)),
  constraint devices__dev_eui CHECK ((dev_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint devices__join_eui CHECK ((join_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint devices__kind CHECK ((kind = ANY (ARRAY['sensor'::text, 'display'::text]))),
  constraint devices__lifecycle_state CHECK ((lifecycle_state = ANY (ARRAY['discovered'::text, 'provisioned'::text, 'commissioned'::text, 'operational'::text, 'maintenance'::text, 'decommissioned'::text, 'retired'::text]))),
  constraint devices__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint devices__name CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint devices__provisioning CHECK ((jsonb_typeof(provisioning) = 'object'::text)),
  constraint devices__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) with (fillfactor=80);
CREATE UNIQUE INDEX devices__eui ON public.devices USING btree (dev_eui) WHERE (archived_at IS NULL);
CREATE INDEX idx_devices_assigned_space_id ON public.devices USING btree (tenant_id, assigned_space_id);
CREATE INDEX idx_devices_created ON public.devices USING btree (tenant_id, created_at DESC, id);
CREATE INDEX idx_devices_eui ON public.devices USING btree (tenant_id, dev_eui);
CREATE INDEX idx_devices_search ON public.devices USING gin (tenant_id, search_key(((((dev_eui || ' '::text) || name) || ' '::text) || COALESCE(location, ''::text))) gin_trgm_ops);
CREATE INDEX idx_devices_seen ON public.devices USING btree (tenant_id, last_seen_at);
CREATE UNIQUE INDEX idx_display_devices_space ON public.devices USING btree (tenant_id, assigned_space_id) WHERE ((kind = 'display'::text) AND (assigned_space_id IS NOT NULL));
CREATE INDEX idx_display_devices_tenant ON public.devices USING btree (tenant_id, status, created_at DESC, id) WHERE ((kind = 'display'::text) AND (archived_at IS NULL));
CREATE UNIQUE INDEX idx_sensor_devices_space ON public.devices USING btree (tenant_id, assigned_space_id) WHERE ((kind = 'sensor'::text) AND (assigned_space_id IS NOT NULL));
CREATE INDEX idx_sensor_devices_tenant ON public.devices USING btree (tenant_id, status, created_at DESC, id) WHERE ((kind = 'sensor'::text) AND (archived_at IS NULL));
alter table devices enable row level security;
alter table devices force row level security;
create policy ingest_access on devices as permissive for all to parking_ingest using (true) with check (true);
create policy lookup_access on devices as permissive for select to parking_lookup using (true);
create policy platform_access on devices as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on devices as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER devices__assignment_time BEFORE UPDATE OF assigned_space_id ON public.devices FOR EACH ROW WHEN ((new.assigned_space_id IS NULL)) EXECUTE FUNCTION clear_assignment_time();
CREATE TRIGGER devices__mirror_assignment AFTER INSERT OR UPDATE OF assigned_space_id, archived_at ON public.devices FOR EACH ROW EXECUTE FUNCTION mirror_assignment();
CREATE TRIGGER devices__touch BEFORE UPDATE ON public.devices FOR EACH ROW WHEN (((((((((((((((((((old.kind IS DISTINCT FROM new.kind) OR (old.dev_eui IS DISTINCT FROM new.dev_eui)) OR (old.name IS DISTINCT FROM new.name)) OR (old.description IS DISTINCT FROM new.description)) OR (old.location IS DISTINCT FROM new.location)) OR (old.device_type IS DISTINCT FROM new.device_type)) OR (old.manufacturer IS DISTINCT FROM new.manufacturer)) OR (old.model IS DISTINCT FROM new.model)) OR (old.join_eui IS DISTINCT FROM new.join_eui)) OR (old.lifecycle_state IS DISTINCT FROM new.lifecycle_state)) OR (old.enabled IS DISTINCT FROM new.enabled)) OR (old.assigned_space_id IS DISTINCT FROM new.assigned_space_id)) OR (old.assigned_at IS DISTINCT FROM new.assigned_at)) OR (old.config IS DISTINCT FROM new.config)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.chirpstack_application_id IS DISTINCT FROM new.chirpstack_application_id)) OR (old.device_profile_id IS DISTINCT FROM new.device_profile_id)) OR (old.archived_at IS DISTINCT FROM new.archived_at))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on devices to parking_app;
grant select, update (battery_percent, battery_volts, last_seen_at) on devices to parking_ingest;
grant select (archived_at, config, dev_eui, device_profile_id, id, kind, lifecycle_state, model, status, tenant_id) on devices to parking_lookup;
grant delete, insert, select, update on devices to parking_platform;
comment on column devices.model is 'Key of the codec (D-53)';
comment on column devices.status is 'Derived, for older clients (DOM-513)';
comment on index devices__eui is 'Once per installation, whoever holds it; answered neutrally (DOM-534, DB-104)';
comment on table devices is 'Sensors and lights, told apart by kind';

create view display_devices with (security_invoker=true, security_barrier=true) as
 SELECT id,
    tenant_id,
    dev_eui,
    name,
    device_type,
    manufacturer,
    model,
    status,
    lifecycle_state,
    assigned_space_id,
    assigned_at,
    last_seen_at,
    enabled,
    config,
    chirpstack_device_id,
    chirpstack_sync_status,
    archived_at,
    created_at,
    updated_at
   FROM devices
  WHERE (kind = 'display'::text);
grant select on display_devices to parking_app;
grant select on display_devices to parking_platform;
comment on view display_devices is 'Devices of kind display, with the columns of earlier versions; read only';

create table display_policies (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  scope_type text not null,
  site_id uuid,
  space_id uuid,
  name text not null,
  description text,
  draft jsonb,
  status text default 'draft'::text not null,
  published_version integer,
  archived_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint display_policies__pk PRIMARY KEY (tenant_id, id),
  constraint display_policies__draft CHECK ((jsonb_typeof(draft) = 'object'::text)),
  constraint display_policies__name CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint display_policies__scope CHECK ((((scope_type = 'site'::text) = (site_id IS NOT NULL)) AND ((scope_type = 'space'::text) = (space_id IS NOT NULL)))),
  constraint display_policies__scope_type CHECK ((scope_type = ANY (ARRAY['tenant'::text, 'site'::text, 'space'::text]))),
  constraint display_policies__site FOREIGN KEY (tenant_id, site_id) REFERENCES sites(tenant_id, id) ON DELETE CASCADE,
  constraint display_policies__space FOREIGN KEY (tenant_id, space_id) REFERENCES spaces(tenant_id, id) ON DELETE CASCADE,
  constraint display_policies__status CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text]))),
  constraint display_policies__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX display_policies__one_published ON public.display_policies USING btree (tenant_id, scope_type, site_id, space_id) NULLS NOT DISTINCT WHERE (status = 'published'::text);
CREATE INDEX idx_display_policies_site_id ON public.display_policies USING btree (tenant_id, site_id);
CREATE INDEX idx_display_policies_space_id ON public.display_policies USING btree (tenant_id, space_id);
alter table display_policies enable row level security;
alter table display_policies force row level security;
create policy platform_access on display_policies as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on display_policies as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER display_policies__touch BEFORE UPDATE ON public.display_policies FOR EACH ROW WHEN ((((((((((old.scope_type IS DISTINCT FROM new.scope_type) OR (old.site_id IS DISTINCT FROM new.site_id)) OR (old.space_id IS DISTINCT FROM new.space_id)) OR (old.name IS DISTINCT FROM new.name)) OR (old.description IS DISTINCT FROM new.description)) OR (old.draft IS DISTINCT FROM new.draft)) OR (old.status IS DISTINCT FROM new.status)) OR (old.published_version IS DISTINCT FROM new.published_version)) OR (old.archived_at IS DISTINCT FROM new.archived_at))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on display_policies to parking_app;
grant select on display_policies to parking_platform;
comment on table display_policies is 'Which look a situation has, for a tenant, a site or a space; what governs is a version (D-33)';

create table display_policy_versions (
  tenant_id uuid not null,
  policy_id uuid not null,
  version_no integer not null,
  content jsonb not null,
  note text,
  published_by uuid,
  published_at timestamp with time zone default now() not null,
  superseded_at timestamp with time zone,
  constraint display_policy_versions__pk PRIMARY KEY (tenant_id, policy_id, version_no),
  constraint display_policy_versions__content CHECK ((jsonb_typeof(content) = 'object'::text)),
  constraint display_policy_versions__policy FOREIGN KEY (tenant_id, policy_id) REFERENCES display_policies(tenant_id, id) ON DELETE CASCADE,
  constraint display_policy_versions__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
alter table display_policy_versions enable row level security;
alter table display_policy_versions force row level security;
create policy platform_access on display_policy_versions as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on display_policy_versions as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER display_policy_versions__append_only BEFORE UPDATE ON public.display_policy_versions FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
grant insert, select, update (superseded_at) on display_policy_versions to parking_app;
grant select on display_policy_versions to parking_platform;
comment on table display_policy_versions is 'Published bodies, never edited; a transition names the version that ruled it';

create table display_state_cache (
  tenant_id uuid not null,
  device_id uuid not null,
  space_id uuid,
  wanted_version bigint default 0 not null,
  wanted_situation text,
  wanted_color text,
  wanted_pattern text,
  wanted_brightness smallint,
  wanted_payload bytea,
  wanted_f_port smallint,
  wanted_confirmed boolean default false not null,
  wanted_at timestamp with time zone,
  decision_sequence bigint,
  temporary jsonb,
  sent_version bigint default 0 not null,
  sent_at timestamp with time zone,
  shown_color text,
  shown_pattern text,
  shown_at timestamp with time zone,
  proof text default 'none'::text not null,
  report_counter bigint,
  drift_since timestamp with time zone,
  unproved_count integer default 0 not null,
  dismissed_version bigint,
  next_reconcile_at timestamp with time zone,
  updated_at timestamp with time zone default now() not null,
  constraint display_state_cache__pk PRIMARY KEY (tenant_id, device_id),
  constraint display_state_cache__device FOREIGN KEY (tenant_id, device_id) REFERENCES devices(tenant_id, id) ON DELETE CASCADE,
  constraint display_state_cache__proof CHECK ((proof = ANY (ARRAY['none'::text, 'transmitted'::text, 'acked'::text, 'reported'::text]))),
  constraint display_state_cache__temporary CHECK ((jsonb_typeof(temporary) = 'object'::text)),
  constraint display_state_cache__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_display_state_cache_reconcile ON public.display_state_cache USING btree (tenant_id, next_reconcile_at) WHERE (next_reconcile_at IS NOT NULL);
alter table display_state_cache enable row level security;
alter table display_state_cache force row level security;
create policy lookup_access on display_state_cache as permissive for select to parking_lookup using (true);
create policy platform_access on display_state_cache as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on display_state_cache as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER display_state_cache__monotone BEFORE UPDATE ON public.display_state_cache FOR EACH ROW EXECUTE FUNCTION refuse_lower_version();
grant delete, insert, select, update on display_state_cache to parking_app;
grant select (proof, sent_version, tenant_id, wanted_version) on display_state_cache to parking_lookup;
grant select on display_state_cache to parking_platform;
comment on table display_state_cache is 'The light''s shadow: wanted against shown (D-60)';

create table downlink_attempts (
  tenant_id uuid not null,
  command_id uuid not null,
  attempt_no smallint not null,
  fingerprint_expires_at timestamp with time zone not null,
  budget_granted_at timestamp with time zone,
  charged_gateway_eui text,
  charged_ms integer,
  enqueued_at timestamp with time zone,
  queue_item_id uuid,
  repeat_queue_item_id uuid,
  outcome text,
  ended_at timestamp with time zone,
  detail jsonb,
  constraint downlink_attempts__pk PRIMARY KEY (tenant_id, command_id, attempt_no),
  constraint downlink_attempts__command FOREIGN KEY (tenant_id, command_id) REFERENCES downlink_queue(tenant_id, id) ON DELETE CASCADE,
  constraint downlink_attempts__detail CHECK ((jsonb_typeof(detail) = 'object'::text)),
  constraint downlink_attempts__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX downlink_attempts__queue_item_once ON public.downlink_attempts USING btree (tenant_id, queue_item_id) WHERE (queue_item_id IS NOT NULL);
alter table downlink_attempts enable row level security;
alter table downlink_attempts force row level security;
create policy platform_access on downlink_attempts as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on downlink_attempts as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on downlink_attempts to parking_app;
grant select on downlink_attempts to parking_platform;
comment on table downlink_attempts is 'Each try to hand a command to the network server, so that an ambiguous answer can be read back (DOM-620)';

create table downlink_queue (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  device_id uuid not null,
  dev_eui text not null,
  space_id uuid,
  origin text not null,
  proof_reading_id uuid,
  proof_at timestamp with time zone,
  command text not null,
  arguments jsonb default '{}'::jsonb not null,
  wanted_version bigint,
  decision_sequence bigint,
  payload bytea not null,
  f_port smallint not null,
  confirmed boolean default false not null,
  priority smallint default 5 not null,
  status text default 'queued'::text not null,
  status_reason text,
  waiting_for text,
  attempts smallint default 0 not null,
  next_attempt_at timestamp with time zone,
  queue_item_id uuid,
  f_cnt_down bigint,
  gateway_eui text,
  proof text,
  expires_at timestamp with time zone,
  queued_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone,
  transmitted_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  last_error text,
  retry_of uuid,
  created_by_type text,
  created_by uuid,
  workflow_id text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint downlink_queue__pk PRIMARY KEY (tenant_id, id),
  constraint downlink_queue__arguments CHECK ((jsonb_typeof(arguments) = 'object'::text)),
  constraint downlink_queue__attempts CHECK (((attempts >= 0) AND (attempts <= 5))),
  constraint downlink_queue__dev_eui CHECK ((dev_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint downlink_queue__device FOREIGN KEY (tenant_id, device_id) REFERENCES devices(tenant_id, id) ON DELETE CASCADE,
  constraint downlink_queue__f_port CHECK (((f_port >= 1) AND (f_port <= 223))),
  constraint downlink_queue__origin CHECK ((origin = ANY (ARRAY['policy'::text, 'manual'::text, 'reconcile'::text, 'api'::text, 'setup'::text]))),
  constraint downlink_queue__priority CHECK (((priority >= 1) AND (priority <= 10))),
  constraint downlink_queue__status CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'transmitted'::text, 'confirmed'::text, 'superseded'::text, 'expired'::text, 'failed'::text]))),
  constraint downlink_queue__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint downlink_queue__waiting_for CHECK ((waiting_for = ANY (ARRAY['network_server'::text, 'gateway'::text, 'budget'::text, 'dwell'::text])))
);
CREATE UNIQUE INDEX downlink_queue__one_outstanding ON public.downlink_queue USING btree (tenant_id, device_id) WHERE (status = 'sent'::text);
CREATE INDEX idx_downlink_queue_device ON public.downlink_queue USING btree (tenant_id, device_id, queued_at DESC);
CREATE INDEX idx_downlink_queue_queued ON public.downlink_queue USING btree (tenant_id, queued_at DESC);
CREATE INDEX idx_downlink_queue_space ON public.downlink_queue USING btree (tenant_id, space_id, queued_at DESC);
CREATE INDEX idx_downlink_queue_status ON public.downlink_queue USING btree (tenant_id, status, priority, queued_at);
alter table downlink_queue enable row level security;
alter table downlink_queue force row level security;
create policy lookup_access on downlink_queue as permissive for select to parking_lookup using (true);
create policy platform_access on downlink_queue as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on downlink_queue as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER downlink_queue__touch BEFORE UPDATE ON public.downlink_queue FOR EACH ROW WHEN (((((((((((((((((((((((((((((((((((old.device_id IS DISTINCT FROM new.device_id) OR (old.dev_eui IS DISTINCT FROM new.dev_eui)) OR (old.space_id IS DISTINCT FROM new.space_id)) OR (old.origin IS DISTINCT FROM new.origin)) OR (old.proof_reading_id IS DISTINCT FROM new.proof_reading_id)) OR (old.proof_at IS DISTINCT FROM new.proof_at)) OR (old.command IS DISTINCT FROM new.command)) OR (old.arguments IS DISTINCT FROM new.arguments)) OR (old.wanted_version IS DISTINCT FROM new.wanted_version)) OR (old.decision_sequence IS DISTINCT FROM new.decision_sequence)) OR (old.payload IS DISTINCT FROM new.payload)) OR (old.f_port IS DISTINCT FROM new.f_port)) OR (old.confirmed IS DISTINCT FROM new.confirmed)) OR (old.priority IS DISTINCT FROM new.priority)) OR (old.status IS DISTINCT FROM new.status)) OR (old.status_reason IS DISTINCT FROM new.status_reason)) OR (old.waiting_for IS DISTINCT FROM new.waiting_for)) OR (old.attempts IS DISTINCT FROM new.attempts)) OR (old.next_attempt_at IS DISTINCT FROM new.next_attempt_at)) OR (old.queue_item_id IS DISTINCT FROM new.queue_item_id)) OR (old.f_cnt_down IS DISTINCT FROM new.f_cnt_down)) OR (old.gateway_eui IS DISTINCT FROM new.gateway_eui)) OR (old.proof IS DISTINCT FROM new.proof)) OR (old.expires_at IS DISTINCT FROM new.expires_at)) OR (old.queued_at IS DISTINCT FROM new.queued_at)) OR (old.sent_at IS DISTINCT FROM new.sent_at)) OR (old.transmitted_at IS DISTINCT FROM new.transmitted_at)) OR (old.confirmed_at IS DISTINCT FROM new.confirmed_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.last_error IS DISTINCT FROM new.last_error)) OR (old.retry_of IS DISTINCT FROM new.retry_of)) OR (old.created_by_type IS DISTINCT FROM new.created_by_type)) OR (old.created_by IS DISTINCT FROM new.created_by)) OR (old.workflow_id IS DISTINCT FROM new.workflow_id))) EXECUTE FUNCTION touch_time();
grant delete, insert, select, update on downlink_queue to parking_app;
grant select (status, tenant_id) on downlink_queue to parking_lookup;
grant select on downlink_queue to parking_platform;
comment on table downlink_queue is 'Commands to devices and how far each got; transmitted is not delivered (D-61)';

create table gateway_status_changes (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  gateway_ref uuid not null,
  from_status text not null,
  to_status text not null,
  at timestamp with time zone not null,
  detected_by text not null,
  constraint gateway_status_changes__pk PRIMARY KEY (tenant_id, id),
  constraint gateway_status_changes__gateway_ref FOREIGN KEY (tenant_id, gateway_ref) REFERENCES gateways(tenant_id, id) ON DELETE CASCADE,
  constraint gateway_status_changes__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_gateway_status_changes_gateway ON public.gateway_status_changes USING btree (tenant_id, gateway_ref, at DESC);
alter table gateway_status_changes enable row level security;
alter table gateway_status_changes force row level security;
create policy platform_access on gateway_status_changes as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on gateway_status_changes as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on gateway_status_changes to parking_app;
grant select on gateway_status_changes to parking_platform;
comment on table gateway_status_changes is 'When a gateway came and went: uptime and outages';

create table gateways (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  gateway_id text not null,
  name text not null,
  description text,
  location text,
  model text,
  latitude double precision,
  longitude double precision,
  altitude_metres double precision,
  site_id uuid,
  status text default 'never_seen'::text not null,
  status_since timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone,
  enabled boolean default true not null,
  stats_interval_seconds integer,
  config jsonb default '{}'::jsonb not null,
  metadata jsonb default '{}'::jsonb not null,
  chirpstack_gateway_id text,
  chirpstack_sync_status text default 'none'::text not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint gateways__pk PRIMARY KEY (tenant_id, id),
  constraint gateways__config CHECK ((jsonb_typeof(config) = 'object'::text)),
  constraint gateways__eui_unique UNIQUE (tenant_id, gateway_id),
  constraint gateways__gateway_id CHECK ((gateway_id ~ '^[0-9a-f]{16}$'::text)),
  constraint gateways__latitude CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint gateways__longitude CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint gateways__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint gateways__name CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint gateways__position CHECK (((latitude IS NULL) = (longitude IS NULL))),
  constraint gateways__site FOREIGN KEY (tenant_id, site_id) REFERENCES sites(tenant_id, id) ON DELETE SET NULL (site_id),
  constraint gateways__status CHECK ((status = ANY (ARRAY['online'::text, 'offline'::text, 'never_seen'::text]))),
  constraint gateways__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_gateways_eui ON public.gateways USING btree (gateway_id);
CREATE INDEX idx_gateways_site ON public.gateways USING btree (tenant_id, site_id);
CREATE INDEX idx_gateways_tenant ON public.gateways USING btree (tenant_id, status, name, id);
alter table gateways enable row level security;
alter table gateways force row level security;
create policy ingest_access on gateways as permissive for all to parking_ingest using (true) with check (true);
create policy lookup_access on gateways as permissive for select to parking_lookup using (true);
create policy platform_access on gateways as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on gateways as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER gateways__touch BEFORE UPDATE ON public.gateways FOR EACH ROW WHEN (((((((((((((old.gateway_id IS DISTINCT FROM new.gateway_id) OR (old.name IS DISTINCT FROM new.name)) OR (old.description IS DISTINCT FROM new.description)) OR (old.location IS DISTINCT FROM new.location)) OR (old.model IS DISTINCT FROM new.model)) OR (old.latitude IS DISTINCT FROM new.latitude)) OR (old.longitude IS DISTINCT FROM new.longitude)) OR (old.altitude_metres IS DISTINCT FROM new.altitude_metres)) OR (old.site_id IS DISTINCT FROM new.site_id)) OR (old.enabled IS DISTINCT FROM new.enabled)) OR (old.config IS DISTINCT FROM new.config)) OR (old.metadata IS DISTINCT FROM new.metadata))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on gateways to parking_app;
grant select, update (last_seen_at) on gateways to parking_ingest;
grant select (status, tenant_id) on gateways to parking_lookup;
grant select on gateways to parking_platform;
comment on table gateways is 'LoRaWAN gateways of a tenant';

create table idempotency_keys (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  principal text not null,
  key text not null,
  fingerprint bytea not null,
  operation text not null,
  resource_id uuid,
  request_body jsonb,
  state text not null,
  status integer,
  response jsonb,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint idempotency_keys__pk PRIMARY KEY (tenant_id, id),
  constraint idempotency_keys__key CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint idempotency_keys__once UNIQUE (tenant_id, principal, operation, key),
  constraint idempotency_keys__request_body CHECK ((jsonb_typeof(request_body) = 'object'::text)),
  constraint idempotency_keys__state CHECK ((state = ANY (ARRAY['running'::text, 'done'::text]))),
  constraint idempotency_keys__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_idempotency_keys_expiry ON public.idempotency_keys USING btree (expires_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy platform_access on idempotency_keys as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on idempotency_keys as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on idempotency_keys to parking_app;
grant delete, insert, select, update on idempotency_keys to parking_platform;
comment on table idempotency_keys is 'Answers already given, so that a repeated command is answered and not repeated (D-27)';

create table ingest_dead_letters (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  source text not null,
  topic text,
  dev_eui text,
  reason text not null,
  detail text,
  raw bytea not null,
  content_hash bytea not null,
  received_at timestamp with time zone not null,
  attempts integer default 0 not null,
  status text default 'open'::text not null,
  resolved_by uuid,
  resolved_at timestamp with time zone,
  resolve_reason text,
  constraint ingest_dead_letters__pk PRIMARY KEY (tenant_id, id),
  constraint ingest_dead_letters__raw CHECK ((octet_length(raw) <= 262144)),
  constraint ingest_dead_letters__status CHECK ((status = ANY (ARRAY['open'::text, 'replayed'::text, 'discarded'::text]))),
  constraint ingest_dead_letters__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_ingest_dead_letters_status ON public.ingest_dead_letters USING btree (tenant_id, status, received_at DESC);
alter table ingest_dead_letters enable row level security;
alter table ingest_dead_letters force row level security;
create policy ingest_access on ingest_dead_letters as permissive for all to parking_ingest using (true) with check (true);
create policy lookup_access on ingest_dead_letters as permissive for select to parking_lookup using (true);
create policy platform_access on ingest_dead_letters as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on ingest_dead_letters as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on ingest_dead_letters to parking_app;
grant insert, select, update on ingest_dead_letters to parking_ingest;
grant select (status, tenant_id) on ingest_dead_letters to parking_lookup;
grant select on ingest_dead_letters to parking_platform;
comment on table ingest_dead_letters is 'Messages that did not fit, with the reason; replayable (D-73)';

create table job_runs (
  id uuid default uuid_v7() not null,
  name text not null,
  scheduled_at timestamp with time zone not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  status text not null,
  result jsonb,
  error text,
  constraint job_runs__pk PRIMARY KEY (id),
  constraint job_runs__result CHECK ((jsonb_typeof(result) = 'object'::text))
);
CREATE INDEX idx_job_runs_name ON public.job_runs USING btree (name, started_at DESC);
alter table job_runs enable row level security;
alter table job_runs force row level security;
create policy app_access on job_runs as permissive for all to parking_app using (true) with check (true);
create policy platform_access on job_runs as permissive for select to parking_platform using (true);
grant insert, select, update on job_runs to parking_app;
grant select on job_runs to parking_platform;
comment on table job_runs is 'Each run of a schedule, for operators of the platform';

create table listener_leases (
  ordinal integer not null,
  holder text not null,
  expires_at timestamp with time zone not null,
  constraint listener_leases__pk PRIMARY KEY (ordinal)
);
alter table listener_leases enable row level security;
alter table listener_leases force row level security;
create policy app_access on listener_leases as permissive for all to parking_app using (true) with check (true);
create policy platform_access on listener_leases as permissive for select to parking_platform using (true);
grant delete, insert, select, update on listener_leases to parking_app;
grant select on listener_leases to parking_platform;
comment on table listener_leases is 'Which listener holds which client id of the broker (lorawan.md § 4.1)';

create table migrations (
  "timestamp" bigint not null,
  name text not null,
  id bigint generated always as ("timestamp") stored not null,
  constraint migrations__pk PRIMARY KEY (id),
  constraint migrations__name_unique UNIQUE (name)
);
alter table migrations enable row level security;
alter table migrations force row level security;
create policy owner_access on migrations as permissive for all to parking_owner using (true) with check (true);
create policy serving_read on migrations as permissive for select to parking_app, parking_platform using (true);
grant select on migrations to parking_app;
grant select on migrations to parking_platform;
comment on table migrations is 'Which migrations ran';

create table orphan_devices (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  dev_eui text not null,
  application_id uuid,
  device_name text,
  profile_name text,
  guessed_model text,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  message_count bigint default 0 not null,
  last_rssi_dbm smallint,
  last_snr_db real,
  dev_addr text,
  f_cnt bigint,
  frames jsonb default '[]'::jsonb not null,
  ignored_at timestamp with time zone,
  ignored_by uuid,
  expires_at timestamp with time zone not null,
  constraint orphan_devices__pk PRIMARY KEY (tenant_id, id),
  constraint orphan_devices__dev_eui CHECK ((dev_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint orphan_devices__eui_unique UNIQUE (tenant_id, dev_eui),
  constraint orphan_devices__frames CHECK ((jsonb_typeof(frames) = 'array'::text)),
  constraint orphan_devices__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_orphan_devices_expiry ON public.orphan_devices USING btree (expires_at);
CREATE INDEX idx_orphan_devices_seen ON public.orphan_devices USING btree (tenant_id, last_seen_at DESC);
alter table orphan_devices enable row level security;
alter table orphan_devices force row level security;
create policy ingest_access on orphan_devices as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on orphan_devices as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on orphan_devices as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on orphan_devices to parking_app;
grant insert, select, update on orphan_devices to parking_ingest;
grant delete, insert, select, update on orphan_devices to parking_platform;
comment on table orphan_devices is 'Devices heard that no row knows yet; an operator claims them (D-52)';

create table outbox (
  tenant_id uuid not null,
  target text not null,
  facts jsonb,
  message jsonb,
  events jsonb,
  version bigint default ((EXTRACT(epoch FROM clock_timestamp()) * (1000000)::numeric))::bigint not null,
  created_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  last_error text,
  constraint outbox__pk PRIMARY KEY (tenant_id, target),
  constraint outbox__events CHECK ((jsonb_typeof(events) = 'array'::text)),
  constraint outbox__facts CHECK ((jsonb_typeof(facts) = 'array'::text)),
  constraint outbox__message CHECK ((jsonb_typeof(message) = 'object'::text)),
  constraint outbox__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) with (fillfactor=70);
CREATE INDEX idx_outbox_pending ON public.outbox USING btree (attempts, created_at);
alter table outbox enable row level security;
alter table outbox force row level security;
create policy ingest_access on outbox as permissive for all to parking_ingest using (true) with check (true);
create policy lookup_access on outbox as permissive for select to parking_lookup using (true);
create policy platform_access on outbox as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on outbox as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on outbox to parking_app;
grant insert, select, update on outbox to parking_ingest;
grant select (attempts, created_at, target, tenant_id) on outbox to parking_lookup;
grant delete, insert, select, update on outbox to parking_platform;
comment on table outbox is 'What must follow a commit, one row per workflow to tell; deleted where version is as seen (DOM-914)';

create table parking_sessions (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  space_id uuid not null,
  site_id uuid not null,
  device_id uuid,
  reservation_id uuid,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_uncertain_since timestamp with time zone,
  confidence text default 'certain'::text not null,
  end_reason text,
  source text not null,
  dwell_seconds integer generated always as ((EXTRACT(epoch FROM (ended_at - started_at)))::integer) stored,
  brief boolean generated always as (COALESCE(((ended_at - started_at) < '00:01:00'::interval), false)) stored,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint parking_sessions__pk PRIMARY KEY (tenant_id, id),
  constraint parking_sessions__confidence CHECK ((confidence = ANY (ARRAY['certain'::text, 'uncertain'::text]))),
  constraint parking_sessions__reservation FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations(tenant_id, id) ON DELETE SET NULL (reservation_id),
  constraint parking_sessions__source CHECK ((source = ANY (ARRAY['sensor'::text, 'manual'::text]))),
  constraint parking_sessions__space FOREIGN KEY (tenant_id, space_id) REFERENCES spaces(tenant_id, id),
  constraint parking_sessions__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_parking_sessions_reservation_id ON public.parking_sessions USING btree (tenant_id, reservation_id);
CREATE INDEX idx_parking_sessions_site ON public.parking_sessions USING btree (tenant_id, site_id, started_at);
CREATE INDEX idx_parking_sessions_space ON public.parking_sessions USING btree (tenant_id, space_id, started_at DESC);
CREATE UNIQUE INDEX parking_sessions__one_open ON public.parking_sessions USING btree (tenant_id, space_id) WHERE (ended_at IS NULL);
alter table parking_sessions enable row level security;
alter table parking_sessions force row level security;
create policy platform_access on parking_sessions as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on parking_sessions as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER parking_sessions__touch BEFORE UPDATE ON public.parking_sessions FOR EACH ROW WHEN (((((((((((old.space_id IS DISTINCT FROM new.space_id) OR (old.site_id IS DISTINCT FROM new.site_id)) OR (old.device_id IS DISTINCT FROM new.device_id)) OR (old.reservation_id IS DISTINCT FROM new.reservation_id)) OR (old.started_at IS DISTINCT FROM new.started_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.end_uncertain_since IS DISTINCT FROM new.end_uncertain_since)) OR (old.confidence IS DISTINCT FROM new.confidence)) OR (old.end_reason IS DISTINCT FROM new.end_reason)) OR (old.source IS DISTINCT FROM new.source))) EXECUTE FUNCTION touch_time();
grant delete, insert, select, update on parking_sessions to parking_app;
grant select on parking_sessions to parking_platform;
comment on table parking_sessions is 'Stays, from arrival to leaving (D-30)';

create table rate_limit_state (
  scope text not null,
  key text not null,
  parts integer[] not null,
  from_at timestamp with time zone not null,
  window_seconds integer not null,
  blocked_until timestamp with time zone,
  updated_at timestamp with time zone default now() not null,
  constraint rate_limit_state__pk PRIMARY KEY (scope, key),
  constraint rate_limit_state__parts CHECK ((cardinality(parts) = 60)),
  constraint rate_limit_state__scope CHECK ((scope = ANY (ARRAY['login_account'::text, 'login_address'::text, 'address'::text, 'gateway_airtime'::text, 'gateway_rate'::text, 'tenant_downlinks'::text]))),
  constraint rate_limit_state__window CHECK ((window_seconds > 0))
);
alter table rate_limit_state enable row level security;
alter table rate_limit_state force row level security;
create policy lookup_access on rate_limit_state as permissive for all to parking_lookup using (true) with check (true);
grant delete, insert, select, update on rate_limit_state to parking_lookup;
grant select on rate_limit_state to parking_platform;
comment on table rate_limit_state is 'Limits that must survive Redis or are physical; reached through rate_limit_take alone (DB-152)';

create table refresh_tokens (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  user_id uuid not null,
  session_id uuid not null,
  token_hash bytea not null,
  parent_id uuid,
  successor_id uuid,
  successor_sealed bytea,
  switch_id uuid,
  device_fingerprint text,
  user_agent text,
  ip inet,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  rotated_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_reason text,
  constraint refresh_tokens__pk PRIMARY KEY (tenant_id, id),
  constraint refresh_tokens__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint refresh_tokens__token_hash_unique UNIQUE (token_hash),
  constraint refresh_tokens__user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX idx_refresh_tokens_expiry ON public.refresh_tokens USING btree (expires_at);
CREATE INDEX idx_refresh_tokens_user ON public.refresh_tokens USING btree (tenant_id, user_id, created_at DESC);
CREATE INDEX idx_refresh_tokens_user_id ON public.refresh_tokens USING btree (user_id);
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy lookup_access on refresh_tokens as permissive for select to parking_lookup using (true);
create policy platform_access on refresh_tokens as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on refresh_tokens as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on refresh_tokens to parking_app;
grant select (expires_at, id, revoked_at, session_id, tenant_id, token_hash, user_id) on refresh_tokens to parking_lookup;
grant select on refresh_tokens to parking_platform;
comment on table refresh_tokens is 'Rotating refresh tokens by hash; session_id is the family that falls when an old one is used again (D-14)';

create table reservations (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  space_id uuid not null,
  user_id uuid,
  user_email text,
  user_name text,
  user_phone text,
  vehicle_plate text,
  start_time timestamp with time zone not null,
  end_time timestamp with time zone not null,
  scheduled_end_time timestamp with time zone not null,
  blocked_from timestamp with time zone not null,
  blocked_until timestamp with time zone not null,
  period tstzrange generated always as (tstzrange(blocked_from, blocked_until, '[)'::text)) stored,
  status text default 'pending'::text not null,
  hold_expires_at timestamp with time zone,
  request_id text,
  series_id uuid,
  occurrence_start timestamp with time zone,
  confirmed_at timestamp with time zone,
  activated_at timestamp with time zone,
  checked_in_at timestamp with time zone,
  checked_out_at timestamp with time zone,
  no_show_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  ended_at timestamp with time zone,
  checked_in boolean generated always as ((checked_in_at IS NOT NULL)) stored,
  check_in_source text,
  checked_in_by uuid,
  source text not null,
  cancelled_by uuid,
  cancellation_reason text,
  no_show_grace_minutes integer,
  moved_from_space_id uuid,
  waitlist_entry_id uuid,
  rate numeric(12,2),
  total_cost numeric(12,2),
  currency character(3),
  payment_status text default 'pending'::text not null,
  notes text,
  metadata jsonb default '{}'::jsonb not null,
  created_by_type text not null,
  created_by uuid,
  anonymised_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint reservations__pk PRIMARY KEY (tenant_id, id),
  constraint reservations__buffers CHECK (((blocked_from <= start_time) AND (blocked_until >= end_time))),
  constraint reservations__check_in_source CHECK ((check_in_source = ANY (ARRAY['sensor'::text, 'user'::text, 'operator'::text]))),
  constraint reservations__hold CHECK (((status <> 'pending'::text) OR (hold_expires_at IS NOT NULL))),
  constraint reservations__length CHECK ((end_time > start_time)),
  constraint reservations__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint reservations__moved_from_space FOREIGN KEY (tenant_id, moved_from_space_id) REFERENCES spaces(tenant_id, id),
  constraint reservations__no_overlap EXCLUDE USING gist (tenant_id WITH =, space_id WITH =, period WITH &&) WHERE ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'active'::text]))),
  constraint reservations__no_show_grace_minutes CHECK ((no_show_grace_minutes >= 0)),
  constraint reservations__payment_status CHECK ((payment_status = ANY (ARRAY['pending'::text, 'paid'::text, 'refunded'::text]))),
  constraint reservations__source CHECK ((source = ANY (ARRAY['console'::text, 'api'::text, 'v1'::text, 'series'::text, 'waitlist'::text]))),
  constraint reservations__space FOREIGN KEY (tenant_id, space_id) REFERENCES spaces(tenant_id, id),
  constraint reservations__status CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'active'::text, 'completed'::text, 'cancelled'::text, 'expired'::text, 'no_show'::text]))),
  constraint reservations__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_reservations_end ON public.reservations USING btree (end_time) WHERE (status = ANY (ARRAY['confirmed'::text, 'active'::text]));
CREATE INDEX idx_reservations_hold ON public.reservations USING btree (hold_expires_at) WHERE (status = 'pending'::text);
CREATE INDEX idx_reservations_moved_from_space_id ON public.reservations USING btree (tenant_id, moved_from_space_id);
CREATE INDEX idx_reservations_space ON public.reservations USING btree (tenant_id, space_id, end_time) WHERE (status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'active'::text]));
CREATE INDEX idx_reservations_space_id ON public.reservations USING btree (tenant_id, space_id);
CREATE INDEX idx_reservations_tenant ON public.reservations USING btree (tenant_id, status, start_time DESC, id);
CREATE INDEX idx_reservations_time ON public.reservations USING btree (tenant_id, start_time, end_time) WHERE (status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'active'::text]));
CREATE INDEX idx_reservations_user ON public.reservations USING btree (tenant_id, user_id);
CREATE UNIQUE INDEX reservations__occurrence_once ON public.reservations USING btree (tenant_id, series_id, occurrence_start) WHERE (series_id IS NOT NULL);
CREATE UNIQUE INDEX reservations__request_once ON public.reservations USING btree (tenant_id, request_id) WHERE (request_id IS NOT NULL);
alter table reservations enable row level security;
alter table reservations force row level security;
create policy lookup_access on reservations as permissive for select to parking_lookup using (true);
create policy platform_access on reservations as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on reservations as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER reservations__touch BEFORE UPDATE ON public.reservations FOR EACH ROW WHEN (((((((((((((((((((((((((((((((((((((((((old.space_id IS DISTINCT FROM new.space_id) OR (old.user_id IS DISTINCT FROM new.user_id)) OR (old.user_email IS DISTINCT FROM new.user_email)) OR (old.user_name IS DISTINCT FROM new.user_name)) OR (old.user_phone IS DISTINCT FROM new.user_phone)) OR (old.vehicle_plate IS DISTINCT FROM new.vehicle_plate)) OR (old.start_time IS DISTINCT FROM new.start_time)) OR (old.end_time IS DISTINCT FROM new.end_time)) OR (old.scheduled_end_time IS DISTINCT FROM new.scheduled_end_time)) OR (old.blocked_from IS DISTINCT FROM new.blocked_from)) OR (old.blocked_until IS DISTINCT FROM new.blocked_until)) OR (old.status IS DISTINCT FROM new.status)) OR (old.hold_expires_at IS DISTINCT FROM new.hold_expires_at)) OR (old.request_id IS DISTINCT FROM new.request_id)) OR (old.series_id IS DISTINCT FROM new.series_id)) OR (old.occurrence_start IS DISTINCT FROM new.occurrence_start)) OR (old.confirmed_at IS DISTINCT FROM new.confirmed_at)) OR (old.activated_at IS DISTINCT FROM new.activated_at)) OR (old.checked_in_at IS DISTINCT FROM new.checked_in_at)) OR (old.checked_out_at IS DISTINCT FROM new.checked_out_at)) OR (old.no_show_at IS DISTINCT FROM new.no_show_at)) OR (old.cancelled_at IS DISTINCT FROM new.cancelled_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.check_in_source IS DISTINCT FROM new.check_in_source)) OR (old.checked_in_by IS DISTINCT FROM new.checked_in_by)) OR (old.source IS DISTINCT FROM new.source)) OR (old.cancelled_by IS DISTINCT FROM new.cancelled_by)) OR (old.cancellation_reason IS DISTINCT FROM new.cancellation_reason)) OR (old.no_show_grace_minutes IS DISTINCT FROM new.no_show_grace_minutes)) OR (old.moved_from_space_id IS DISTINCT FROM new.moved_from_space_id)) OR (old.waitlist_entry_id IS DISTINCT FROM new.waitlist_entry_id)) OR (old.rate IS DISTINCT FROM new.rate)) OR (old.total_cost IS DISTINCT FROM new.total_cost)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.payment_status IS DISTINCT FROM new.payment_status)) OR (old.notes IS DISTINCT FROM new.notes)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.created_by_type IS DISTINCT FROM new.created_by_type)) OR (old.created_by IS DISTINCT FROM new.created_by)) OR (old.anonymised_at IS DISTINCT FROM new.anonymised_at))) EXECUTE FUNCTION touch_version();
grant insert, select, update on reservations to parking_app;
grant select (checked_in_at, end_time, hold_expires_at, id, no_show_grace_minutes, space_id, start_time, status, tenant_id) on reservations to parking_lookup;
grant select on reservations to parking_platform;
comment on column reservations.blocked_from is 'Start minus the buffer; set by the service, as interval arithmetic cannot be generated';
comment on column reservations.series_id is 'Series of a recurring booking; a plain column until that table exists';
comment on column reservations.waitlist_entry_id is 'Waitlist entry it was made from; a plain column until that table exists';
comment on table reservations is 'Rights to a bay for a time (D-30); overlap is refused by the exclusion constraint, not by code (D-41)';

create table sensor_debounce_state (
  tenant_id uuid not null,
  device_id uuid not null,
  dev_addr text,
  former_dev_addrs text[] default '{}'::text[] not null,
  announced_dev_addr text,
  f_cnt bigint,
  recent_dedup text[] default '{}'::text[] not null,
  last_heard_at timestamp with time zone,
  last_received_at timestamp with time zone,
  project_next boolean default false not null,
  value text,
  value_heard_at timestamp with time zone,
  value_reading_id uuid,
  flips timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
  suspect_since timestamp with time zone,
  learning_left smallint default 0 not null,
  battery_low_count smallint default 0 not null,
  last_rssi_dbm smallint,
  last_snr_db real,
  last_gateway_eui text,
  device_class text,
  firmware text,
  frames_lost bigint default 0 not null,
  constraint sensor_debounce_state__pk PRIMARY KEY (tenant_id, device_id),
  constraint sensor_debounce_state__device FOREIGN KEY (tenant_id, device_id) REFERENCES devices(tenant_id, id) ON DELETE CASCADE,
  constraint sensor_debounce_state__flips CHECK ((cardinality(flips) <= 21)),
  constraint sensor_debounce_state__former_dev_addrs CHECK ((cardinality(former_dev_addrs) <= 3)),
  constraint sensor_debounce_state__recent_dedup CHECK ((cardinality(recent_dedup) <= 16)),
  constraint sensor_debounce_state__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) with (fillfactor=70);
alter table sensor_debounce_state enable row level security;
alter table sensor_debounce_state force row level security;
create policy ingest_access on sensor_debounce_state as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on sensor_debounce_state as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on sensor_debounce_state as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on sensor_debounce_state to parking_app;
grant insert, select, update on sensor_debounce_state to parking_ingest;
grant select on sensor_debounce_state to parking_platform;
comment on table sensor_debounce_state is 'Where each device''s stream of frames stands (DOM-921); flapping is counted here and damped on the light';

create view sensor_devices with (security_invoker=true, security_barrier=true) as
 SELECT id,
    tenant_id,
    dev_eui,
    name,
    device_type,
    manufacturer,
    model,
    status,
    lifecycle_state,
    assigned_space_id,
    assigned_at,
    last_seen_at,
    enabled,
    config,
    chirpstack_device_id,
    chirpstack_sync_status,
    archived_at,
    created_at,
    updated_at
   FROM devices
  WHERE (kind = 'sensor'::text);
grant select on sensor_devices to parking_app;
grant select on sensor_devices to parking_platform;
comment on view sensor_devices is 'Devices of kind sensor, with the columns of earlier versions; read only';

create table sensor_readings (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  device_id uuid not null,
  space_id uuid,
  dev_eui text not null,
  dev_addr text,
  f_cnt bigint,
  f_port smallint,
  deduplication_id text,
  heard_at timestamp with time zone not null,
  heard_at_text text,
  received_at timestamp with time zone not null,
  recorded_at timestamp with time zone default now() not null,
  occupied boolean,
  verdict text not null,
  decode_error text,
  battery_volts numeric(4,2),
  battery_percent smallint,
  temperature_celsius numeric(5,2),
  rssi_dbm smallint,
  snr_db real,
  gateway_eui text,
  gateway_count smallint default 0 not null,
  repeat_count integer default 0 not null,
  raw_payload bytea,
  decoded jsonb,
  source text not null,
  time_implausible boolean default false not null,
  constraint sensor_readings__pk PRIMARY KEY (tenant_id, device_id, heard_at, id),
  constraint sensor_readings__decoded CHECK ((jsonb_typeof(decoded) = 'object'::text)),
  constraint sensor_readings__dev_eui CHECK ((dev_eui ~ '^[0-9a-f]{16}$'::text)),
  constraint sensor_readings__frame_once UNIQUE (tenant_id, deduplication_id, heard_at),
  constraint sensor_readings__source CHECK ((source = ANY (ARRAY['mqtt'::text, 'webhook'::text, 'import'::text]))),
  constraint sensor_readings__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint sensor_readings__verdict CHECK ((verdict = ANY (ARRAY['applied'::text, 'same'::text, 'stored'::text, 'late'::text, 'undecoded'::text])))
) partition by RANGE (heard_at);
-- part: sensor_readings_default
-- part: sensor_readings_yYYYYmMM
alter table sensor_readings enable row level security;
alter table sensor_readings force row level security;
create policy ingest_access on sensor_readings as permissive for all to parking_ingest using (true) with check (true);
create policy platform_access on sensor_readings as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on sensor_readings as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on sensor_readings to parking_app;
grant insert, select, update on sensor_readings to parking_ingest;
grant select on sensor_readings to parking_platform;
comment on table sensor_readings is 'Every frame that was heard, once, with what it said and what came of it (DOM-924)';

create table site_occupancy (
  tenant_id uuid not null,
  site_id uuid not null,
  total integer default 0 not null,
  free integer default 0 not null,
  occupied integer default 0 not null,
  reserved integer default 0 not null,
  maintenance integer default 0 not null,
  unknown integer default 0 not null,
  unknown_reasons jsonb default '{}'::jsonb not null,
  updated_at timestamp with time zone default now() not null,
  constraint site_occupancy__pk PRIMARY KEY (tenant_id, site_id),
  constraint site_occupancy__free CHECK ((free >= 0)),
  constraint site_occupancy__maintenance CHECK ((maintenance >= 0)),
  constraint site_occupancy__occupied CHECK ((occupied >= 0)),
  constraint site_occupancy__reserved CHECK ((reserved >= 0)),
  constraint site_occupancy__site FOREIGN KEY (tenant_id, site_id) REFERENCES sites(tenant_id, id) ON DELETE CASCADE,
  constraint site_occupancy__sum CHECK ((total = ((((free + occupied) + reserved) + maintenance) + unknown))),
  constraint site_occupancy__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint site_occupancy__total CHECK ((total >= 0)),
  constraint site_occupancy__unknown CHECK ((unknown >= 0)),
  constraint site_occupancy__unknown_reasons CHECK ((jsonb_typeof(unknown_reasons) = 'object'::text))
);
alter table site_occupancy enable row level security;
alter table site_occupancy force row level security;
create policy platform_access on site_occupancy as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on site_occupancy as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on site_occupancy to parking_app;
grant select on site_occupancy to parking_platform;
comment on table site_occupancy is 'Counters of each site, kept by the projection in its own transaction; dashboards read only this';

create table sites (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  name text not null,
  slug text not null,
  timezone text default 'UTC'::text not null,
  location jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  metadata jsonb default '{}'::jsonb not null,
  is_active boolean default true not null,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint sites__pk PRIMARY KEY (tenant_id, id),
  constraint sites__location CHECK ((jsonb_typeof(location) = 'object'::text)),
  constraint sites__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint sites__name CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint sites__settings CHECK ((jsonb_typeof(settings) = 'object'::text)),
  constraint sites__slug CHECK (((length(slug) >= 1) AND (length(slug) <= 100))),
  constraint sites__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_sites_search ON public.sites USING gin (tenant_id, search_key(((name || ' '::text) || slug)) gin_trgm_ops);
CREATE INDEX idx_sites_tenant ON public.sites USING btree (tenant_id, is_active, name, id);
CREATE UNIQUE INDEX sites__name_unique ON public.sites USING btree (tenant_id, name) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX sites__slug_unique ON public.sites USING btree (tenant_id, slug) WHERE (deleted_at IS NULL);
alter table sites enable row level security;
alter table sites force row level security;
create policy platform_access on sites as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on sites as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER sites__time_zone BEFORE INSERT OR UPDATE OF timezone ON public.sites FOR EACH ROW EXECUTE FUNCTION check_time_zone();
CREATE TRIGGER sites__touch BEFORE UPDATE ON public.sites FOR EACH ROW WHEN (((((((((old.name IS DISTINCT FROM new.name) OR (old.slug IS DISTINCT FROM new.slug)) OR (old.timezone IS DISTINCT FROM new.timezone)) OR (old.location IS DISTINCT FROM new.location)) OR (old.settings IS DISTINCT FROM new.settings)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.is_active IS DISTINCT FROM new.is_active)) OR (old.deleted_at IS DISTINCT FROM new.deleted_at))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on sites to parking_app;
grant select on sites to parking_platform;
comment on table sites is 'Car parks; a site has one time zone, in which its naive times are read (D-20)';

create table space_overrides (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  space_id uuid not null,
  kind text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  origin text default 'override'::text not null,
  reason text,
  notes text,
  created_by_type text not null,
  created_by uuid,
  ended_at timestamp with time zone,
  ended_by uuid,
  created_at timestamp with time zone default now() not null,
  constraint space_overrides__pk PRIMARY KEY (tenant_id, id),
  constraint space_overrides__kind CHECK ((kind = ANY (ARRAY['out_of_service'::text, 'blocked'::text, 'occupied'::text, 'free'::text]))),
  constraint space_overrides__origin CHECK ((origin = ANY (ARRAY['state'::text, 'override'::text]))),
  constraint space_overrides__period CHECK ((ends_at > starts_at)),
  constraint space_overrides__space FOREIGN KEY (tenant_id, space_id) REFERENCES spaces(tenant_id, id) ON DELETE CASCADE,
  constraint space_overrides__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
CREATE INDEX idx_space_overrides_history ON public.space_overrides USING btree (tenant_id, space_id, starts_at DESC);
CREATE INDEX idx_space_overrides_open ON public.space_overrides USING btree (tenant_id, space_id, starts_at) WHERE (ended_at IS NULL);
alter table space_overrides enable row level security;
alter table space_overrides force row level security;
create policy platform_access on space_overrides as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on space_overrides as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on space_overrides to parking_app;
grant select on space_overrides to parking_platform;
comment on table space_overrides is 'What an operator states about a bay, and until when; never overwrites what the sensor says (D-30)';

create table spaces (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  site_id uuid not null,
  code text not null,
  name text not null,
  display_name text,
  building text,
  floor text,
  zone text,
  kind text default 'standard'::text not null,
  labels text[] default '{}'::text[] not null,
  gps_latitude numeric(9,6),
  gps_longitude numeric(9,6),
  enabled boolean default true not null,
  is_reservable boolean default true not null,
  auto_release_minutes integer,
  note text,
  config jsonb default '{}'::jsonb not null,
  metadata jsonb default '{}'::jsonb not null,
  current_state text default 'unknown'::text not null,
  state_reason text default 'no_sensor'::text not null,
  state_changed_at timestamp with time zone default now() not null,
  state_sequence bigint default 0 not null,
  state_until timestamp with time zone,
  next_check_at timestamp with time zone,
  next_check_cause text,
  sensor_state text,
  display_state text,
  policy_id uuid,
  policy_version integer default 0 not null,
  sensor_device_id uuid,
  display_device_id uuid,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint spaces__pk PRIMARY KEY (tenant_id, id),
  constraint spaces__auto_release_minutes CHECK (((auto_release_minutes >= 1) AND (auto_release_minutes <= 1440))),
  constraint spaces__building CHECK ((length(building) <= 100)),
  constraint spaces__code CHECK (((length(code) >= 1) AND (length(code) <= 50))),
  constraint spaces__config CHECK ((jsonb_typeof(config) = 'object'::text)),
  constraint spaces__current_state CHECK ((current_state = ANY (ARRAY['free'::text, 'occupied'::text, 'reserved'::text, 'maintenance'::text, 'unknown'::text]))),
  constraint spaces__display_device FOREIGN KEY (tenant_id, display_device_id) REFERENCES devices(tenant_id, id) ON DELETE SET NULL (display_device_id),
  constraint spaces__display_name CHECK ((length(display_name) <= 255)),
  constraint spaces__floor CHECK ((length(floor) <= 20)),
  constraint spaces__gps CHECK (((gps_latitude IS NULL) = (gps_longitude IS NULL))),
  constraint spaces__gps_latitude CHECK (((gps_latitude >= ('-90'::integer)::numeric) AND (gps_latitude <= (90)::numeric))),
  constraint spaces__gps_longitude CHECK (((gps_longitude >= ('-180'::integer)::numeric) AND (gps_longitude <= (180)::numeric))),
  constraint spaces__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint spaces__name CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint spaces__sensor_device FOREIGN KEY (tenant_id, sensor_device_id) REFERENCES devices(tenant_id, id) ON DELETE SET NULL (sensor_device_id),
  constraint spaces__sensor_state CHECK ((sensor_state = ANY (ARRAY['occupied'::text, 'free'::text]))),
  constraint spaces__site FOREIGN KEY (tenant_id, site_id) REFERENCES sites(tenant_id, id) ON DELETE RESTRICT,
  constraint spaces__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint spaces__zone CHECK ((length(zone) <= 50))
) with (fillfactor=80);
CREATE INDEX idx_spaces_display_device_id ON public.spaces USING btree (tenant_id, display_device_id);
CREATE INDEX idx_spaces_due ON public.spaces USING btree (next_check_at) WHERE ((next_check_at IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX idx_spaces_search ON public.spaces USING gin (tenant_id, search_key(((((code || ' '::text) || name) || ' '::text) || COALESCE(display_name, ''::text))) gin_trgm_ops);
CREATE INDEX idx_spaces_sensor_device_id ON public.spaces USING btree (tenant_id, sensor_device_id);
CREATE INDEX idx_spaces_site ON public.spaces USING btree (tenant_id, site_id, deleted_at, code COLLATE natural_order, id);
CREATE INDEX idx_spaces_state ON public.spaces USING btree (tenant_id, site_id, current_state) WHERE (deleted_at IS NULL);
CREATE INDEX idx_spaces_tenant ON public.spaces USING btree (tenant_id, deleted_at, code COLLATE natural_order, id);
CREATE UNIQUE INDEX spaces__code_unique ON public.spaces USING btree (tenant_id, site_id, code) WHERE (deleted_at IS NULL);
CREATE STATISTICS public.spaces__site_of_tenant (dependencies) ON tenant_id, site_id FROM spaces;
alter table spaces enable row level security;
alter table spaces force row level security;
create policy lookup_access on spaces as permissive for select to parking_lookup using (true);
create policy platform_access on spaces as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on spaces as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER spaces__touch BEFORE UPDATE ON public.spaces FOR EACH ROW WHEN (((((((((((((((((((old.site_id IS DISTINCT FROM new.site_id) OR (old.code IS DISTINCT FROM new.code)) OR (old.name IS DISTINCT FROM new.name)) OR (old.display_name IS DISTINCT FROM new.display_name)) OR (old.building IS DISTINCT FROM new.building)) OR (old.floor IS DISTINCT FROM new.floor)) OR (old.zone IS DISTINCT FROM new.zone)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.labels IS DISTINCT FROM new.labels)) OR (old.gps_latitude IS DISTINCT FROM new.gps_latitude)) OR (old.gps_longitude IS DISTINCT FROM new.gps_longitude)) OR (old.enabled IS DISTINCT FROM new.enabled)) OR (old.is_reservable IS DISTINCT FROM new.is_reservable)) OR (old.auto_release_minutes IS DISTINCT FROM new.auto_release_minutes)) OR (old.note IS DISTINCT FROM new.note)) OR (old.config IS DISTINCT FROM new.config)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.deleted_at IS DISTINCT FROM new.deleted_at))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on spaces to parking_app;
grant select (current_state, deleted_at, id, next_check_at, next_check_cause, site_id, tenant_id) on spaces to parking_lookup;
grant select on spaces to parking_platform;
comment on column spaces.display_device_id is 'Mirror of devices.assigned_space_id, written by a trigger of devices alone (DB-164)';
comment on column spaces.next_check_at is 'When the answer may change with no new fact; the sweep projects the space then (DOM-913)';
comment on column spaces.sensor_device_id is 'Mirror of devices.assigned_space_id, written by a trigger of devices alone (DB-164)';
comment on column spaces.state_sequence is 'Number of the last transition; clients resync by it';
comment on table spaces is 'Bays: configuration, and the state that the projection alone writes (H-13)';

create table state_changes (
  tenant_id uuid not null,
  space_id uuid not null,
  site_id uuid not null,
  sequence bigint not null,
  previous_state text not null,
  new_state text not null,
  previous_reason text,
  state_reason text,
  source text not null,
  cause_type text not null,
  cause_id text,
  valid_at timestamp with time zone not null,
  recorded_at timestamp with time zone default now() not null,
  because jsonb not null,
  display jsonb not null,
  sensor_state text,
  reservation_id uuid,
  reading_id uuid,
  policy_id uuid,
  policy_version integer default 0 not null,
  actor_type text,
  actor_id uuid,
  workflow_id text,
  run_id text,
  request_id text,
  constraint state_changes__pk PRIMARY KEY (tenant_id, space_id, sequence, recorded_at),
  constraint state_changes__because CHECK ((jsonb_typeof(because) = 'array'::text)),
  constraint state_changes__display CHECK ((jsonb_typeof(display) = 'object'::text)),
  constraint state_changes__new_state CHECK ((new_state = ANY (ARRAY['free'::text, 'occupied'::text, 'reserved'::text, 'maintenance'::text, 'unknown'::text]))),
  constraint state_changes__previous_state CHECK ((previous_state = ANY (ARRAY['free'::text, 'occupied'::text, 'reserved'::text, 'maintenance'::text, 'unknown'::text]))),
  constraint state_changes__source CHECK ((source = ANY (ARRAY['sensor'::text, 'manual'::text, 'reservation'::text, 'timer'::text, 'policy'::text, 'system'::text]))),
  constraint state_changes__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
) partition by RANGE (recorded_at);
-- part: state_changes_default
-- part: state_changes_yYYYYmMM
CREATE INDEX idx_state_changes_recorded ON ONLY public.state_changes USING btree (tenant_id, recorded_at DESC);
CREATE INDEX idx_state_changes_site ON ONLY public.state_changes USING btree (tenant_id, site_id, recorded_at);
CREATE INDEX idx_state_changes_space ON ONLY public.state_changes USING btree (tenant_id, space_id, recorded_at DESC);
alter table state_changes enable row level security;
alter table state_changes force row level security;
create policy platform_access on state_changes as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on state_changes as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER state_changes__append_only BEFORE UPDATE ON public.state_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on state_changes to parking_app;
grant select on state_changes to parking_platform;
comment on table state_changes is 'Every transition of a bay with the facts and rules that led there, in valid and recorded time (D-37); append-only';

create table tenants (
  id uuid default uuid_v7() not null,
  name text not null,
  slug text not null,
  type text default 'customer'::text not null,
  subscription_tier text default 'basic'::text not null,
  is_active boolean default true not null,
  trial_ends_at timestamp with time zone,
  suspended_at timestamp with time zone,
  suspension_reason text,
  features jsonb default '{}'::jsonb not null,
  limits jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  branding jsonb default '{}'::jsonb not null,
  metadata jsonb default '{}'::jsonb not null,
  migration_state text default 'live'::text not null,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint tenants__pk PRIMARY KEY (id),
  constraint tenants__branding CHECK ((jsonb_typeof(branding) = 'object'::text)),
  constraint tenants__features CHECK ((jsonb_typeof(features) = 'object'::text)),
  constraint tenants__limits CHECK ((jsonb_typeof(limits) = 'object'::text)),
  constraint tenants__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint tenants__migration_state CHECK ((migration_state = ANY (ARRAY['shadow'::text, 'cutover'::text, 'live'::text]))),
  constraint tenants__name CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint tenants__settings CHECK ((jsonb_typeof(settings) = 'object'::text)),
  constraint tenants__slug CHECK ((slug ~ '^[a-z0-9-]{1,100}$'::text)),
  constraint tenants__slug_unique UNIQUE (slug),
  constraint tenants__subscription_tier CHECK ((subscription_tier = ANY (ARRAY['basic'::text, 'professional'::text, 'enterprise'::text]))),
  constraint tenants__suspension CHECK ((((suspended_at IS NULL) = (suspension_reason IS NULL)) AND ((suspended_at IS NULL) OR (NOT is_active)))),
  constraint tenants__type CHECK ((type = ANY (ARRAY['platform'::text, 'customer'::text, 'trial'::text])))
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy lookup_access on tenants as permissive for select to parking_lookup using (true);
create policy platform_access on tenants as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on tenants as permissive for all to parking_app, parking_owner using ((id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER tenants__touch BEFORE UPDATE ON public.tenants FOR EACH ROW WHEN ((((((((((((((((old.name IS DISTINCT FROM new.name) OR (old.slug IS DISTINCT FROM new.slug)) OR (old.type IS DISTINCT FROM new.type)) OR (old.subscription_tier IS DISTINCT FROM new.subscription_tier)) OR (old.is_active IS DISTINCT FROM new.is_active)) OR (old.trial_ends_at IS DISTINCT FROM new.trial_ends_at)) OR (old.suspended_at IS DISTINCT FROM new.suspended_at)) OR (old.suspension_reason IS DISTINCT FROM new.suspension_reason)) OR (old.features IS DISTINCT FROM new.features)) OR (old.limits IS DISTINCT FROM new.limits)) OR (old.settings IS DISTINCT FROM new.settings)) OR (old.branding IS DISTINCT FROM new.branding)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.migration_state IS DISTINCT FROM new.migration_state)) OR (old.deleted_at IS DISTINCT FROM new.deleted_at))) EXECUTE FUNCTION touch_version();
grant insert, select, update on tenants to parking_app;
grant select (deleted_at, id, is_active, name, slug, subscription_tier, suspended_at, type) on tenants to parking_lookup;
grant delete, insert, select, update on tenants to parking_platform;
comment on table tenants is 'Car-park operators, and the platform itself; every other row belongs to one';

create table transition_notices (
  tenant_id uuid not null,
  space_id uuid not null,
  sequence bigint not null,
  channel text not null,
  told_at timestamp with time zone default now() not null,
  constraint transition_notices__pk PRIMARY KEY (tenant_id, space_id, sequence, channel),
  constraint transition_notices__channel CHECK ((channel = ANY (ARRAY['feed'::text, 'webhook'::text, 'person'::text]))),
  constraint transition_notices__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);
alter table transition_notices enable row level security;
alter table transition_notices force row level security;
create policy platform_access on transition_notices as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on transition_notices as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
grant delete, insert, select, update on transition_notices to parking_app;
grant select on transition_notices to parking_platform;
comment on table transition_notices is 'Who was told of a transition; feed means published to the sockets, not received';

create table user_memberships (
  tenant_id uuid not null,
  id uuid default uuid_v7() not null,
  user_id uuid not null,
  role text not null,
  is_active boolean default true not null,
  invited_by uuid,
  metadata jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint user_memberships__pk PRIMARY KEY (tenant_id, id),
  constraint user_memberships__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint user_memberships__once UNIQUE (tenant_id, user_id),
  constraint user_memberships__role CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text, 'owner'::text]))),
  constraint user_memberships__tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint user_memberships__user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX idx_user_memberships_user ON public.user_memberships USING btree (user_id);
alter table user_memberships enable row level security;
alter table user_memberships force row level security;
create policy lookup_access on user_memberships as permissive for select to parking_lookup using (true);
create policy platform_access on user_memberships as permissive for all to parking_platform using (true) with check (true);
create policy tenant_isolation on user_memberships as permissive for all to parking_app, parking_owner using ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))) with check ((tenant_id = ( SELECT current_tenant_id() AS current_tenant_id)));
CREATE TRIGGER user_memberships__touch BEFORE UPDATE ON public.user_memberships FOR EACH ROW WHEN ((((((old.user_id IS DISTINCT FROM new.user_id) OR (old.role IS DISTINCT FROM new.role)) OR (old.is_active IS DISTINCT FROM new.is_active)) OR (old.invited_by IS DISTINCT FROM new.invited_by)) OR (old.metadata IS DISTINCT FROM new.metadata))) EXECUTE FUNCTION touch_version();
grant delete, insert, select, update on user_memberships to parking_app;
grant select (created_at, is_active, role, tenant_id, user_id) on user_memberships to parking_lookup;
grant delete, insert, select, update on user_memberships to parking_platform;
comment on table user_memberships is 'Which person has which role in which tenant';

create table users (
  id uuid default uuid_v7() not null,
  email text not null,
  name text not null,
  password_hash text,
  is_active boolean default true not null,
  email_verified_at timestamp with time zone,
  pending_email text,
  language text default 'en'::text not null,
  preferences jsonb default '{}'::jsonb not null,
  last_login_at timestamp with time zone,
  sessions_valid_after timestamp with time zone,
  metadata jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint users__pk PRIMARY KEY (id),
  constraint users__email CHECK ((email = lower(email))),
  constraint users__email_unique UNIQUE (email),
  constraint users__metadata CHECK ((jsonb_typeof(metadata) = 'object'::text)),
  constraint users__preferences CHECK ((jsonb_typeof(preferences) = 'object'::text))
);
alter table users enable row level security;
alter table users force row level security;
create policy lookup_access on users as permissive for select to parking_lookup using (true);
create policy own_row on users as permissive for update to parking_app, parking_owner using ((id = ( SELECT current_user_id() AS current_user_id))) with check ((id = ( SELECT current_user_id() AS current_user_id)));
create policy platform_access on users as permissive for all to parking_platform using (true) with check (true);
create policy sign_up on users as permissive for insert to parking_app, parking_owner with check (true);
create policy tenant_isolation on users as permissive for select to parking_app, parking_owner using (((id = ( SELECT current_user_id() AS current_user_id)) OR (id IN ( SELECT m.user_id
   FROM user_memberships m
  WHERE (m.tenant_id = ( SELECT current_tenant_id() AS current_tenant_id))))));
CREATE TRIGGER users__touch BEFORE UPDATE ON public.users FOR EACH ROW WHEN (((((((((((old.email IS DISTINCT FROM new.email) OR (old.name IS DISTINCT FROM new.name)) OR (old.password_hash IS DISTINCT FROM new.password_hash)) OR (old.is_active IS DISTINCT FROM new.is_active)) OR (old.email_verified_at IS DISTINCT FROM new.email_verified_at)) OR (old.pending_email IS DISTINCT FROM new.pending_email)) OR (old.language IS DISTINCT FROM new.language)) OR (old.preferences IS DISTINCT FROM new.preferences)) OR (old.sessions_valid_after IS DISTINCT FROM new.sessions_valid_after)) OR (old.metadata IS DISTINCT FROM new.metadata))) EXECUTE FUNCTION touch_version();
grant insert, select (created_at, email, email_verified_at, id, is_active, language, last_login_at, metadata, name, pending_email, preferences, sessions_valid_after, updated_at, version), update (language, last_login_at, name, pending_email, preferences) on users to parking_app;
grant select (email, id, is_active, password_hash, sessions_valid_after) on users to parking_lookup;
grant delete, insert, select (created_at, email, email_verified_at, id, is_active, language, last_login_at, metadata, name, pending_email, preferences, sessions_valid_after, updated_at, version), update on users to parking_platform;
comment on column users.password_hash is 'argon2id; read by auth_find_login alone (DB-140)';
comment on table users is 'People, over all tenants; what they may do stands in user_memberships';
