/** Monthly partitions (DB-800): `make_partition` gives a part the row security, policies, grants and triggers of its parent (DB-161). */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runAll } from './helpers/2026-11-run'

/** A part read by its own name must show the same rows as through its parent (DB-135, Q-CAT-08). */
const CLONE_SECURITY = `
create function clone_table_security(parent regclass, part regclass) returns void language plpgsql as $$
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
end $$`

/**
 * Rows of the range that already stand in the default part are moved: the part is made apart, attached and filled in one
 * transaction. Attached while empty, since attaching checks foreign keys of what is there with a query that is under the
 * owner's own row security and would find no tenant; rows that are inserted are checked without it. The owner is under row
 * security like everybody (DB-120), so FORCE is lifted from the default part meanwhile; attaching locks that exclusively anyway.
 */
const MAKE_PARTITION = `
create function make_partition(parent regclass, from_at timestamptz, to_at timestamptz) returns boolean language plpgsql as $$
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
end $$`

const MAKE_DEFAULT_PARTITION = `
create function make_default_partition(parent regclass) returns void language plpgsql as $$
begin
  execute format('create table public.%I partition of %s default', parent || '_default', parent);
  perform clone_table_security(parent, (parent || '_default')::regclass);
  execute format('comment on table %I is %L', parent || '_default', 'Strays of ' || parent || ' that no month takes (DB-801)');
end $$`

/** From the month before this one to \`ahead\` months after it, so that late frames of last month still find their place. */
const ENSURE_PARTITIONS = `
create function ops_ensure_partitions(ahead integer default 3) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
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
end $$`

export class Partitions1795500001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      CLONE_SECURITY,
      MAKE_PARTITION,
      MAKE_DEFAULT_PARTITION,
      ENSURE_PARTITIONS,
      `grant execute on function ops_ensure_partitions(integer) to parking_app`,
      `comment on function clone_table_security(regclass, regclass) is 'Row security, policies, grants and statement triggers of a parent for its part (DB-135)'`,
      `comment on function make_partition(regclass, timestamptz, timestamptz) is 'Makes one month, moving its strays out of the default part; false if it exists (DB-161)'`,
      `comment on function make_default_partition(regclass) is 'The part for what no month takes (DB-801)'`,
      `comment on function ops_ensure_partitions(integer) is 'Makes the months that are missing, last month included; returns how many (DB-153, DB-800)'`,
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      `drop function ops_ensure_partitions(integer)`,
      `drop function make_default_partition(regclass)`,
      `drop function make_partition(regclass, timestamptz, timestamptz)`,
      `drop function clone_table_security(regclass, regclass)`,
    ])
  }
}
