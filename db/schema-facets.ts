/** The catalogue in PostgreSQL's own words, one query per facet: each gives lines and the object that they belong to (DB-883). */

/** Tables and views of `public`, without months: those are their parent's pattern (DB-883). */
const RELATIONS = `
  select c.oid, c.relname as name, c.relkind as kind, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.relowner
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition`

const OWN_FUNCTIONS = `
  select p.oid, p.oid::regprocedure::text as name, p.proacl, p.proowner
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`

export interface FacetLine {
  readonly object: string
  readonly line: string
}

const NOT_NULL_IS_A_CONSTRAINT = 'n' // since PostgreSQL 18; the column says it already

export const RELATION_KINDS = `
  select r.name as object, r.kind as line from (${RELATIONS}) r order by r.name collate "C"`

export const COLUMNS = `
  select r.name as object, concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> t.typcollation then 'collate ' || quote_ident(l.collname) end,
    case when a.attgenerated = 's' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
         when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end,
    case when a.attnotnull then 'not null' end) as line
  from (${RELATIONS}) r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where r.kind in ('r', 'p')
  order by r.name collate "C", a.attnum`

export const CONSTRAINTS = `
  select r.name as object, format('constraint %I %s', c.conname, pg_get_constraintdef(c.oid)) as line
  from (${RELATIONS}) r join pg_constraint c on c.conrelid = r.oid
  where c.contype not in ('${NOT_NULL_IS_A_CONSTRAINT}', 't')
  order by r.name collate "C", c.contype = 'p' desc, c.conname collate "C"`

export const STORAGE = `
  select r.name as object, concat(case when r.kind = 'p' then ' partition by ' || pg_get_partkeydef(r.oid) end,
    ' with (' || array_to_string(r.reloptions, ', ') || ')') as line
  from (${RELATIONS}) r`

export const VIEWS = `
  select r.name as object, pg_get_viewdef(r.oid) as line from (${RELATIONS}) r where r.kind in ('v', 'm')`

export const PARTITIONS = `
  select distinct r.name as object,
    '-- part: ' || regexp_replace(c.relname, '_y\\d{4}m\\d{2}$', '_yYYYYmMM') collate "C" as line
  from (${RELATIONS}) r join pg_inherits i on i.inhparent = r.oid join pg_class c on c.oid = i.inhrelid
  order by 1, 2`

export const INDEXES = `
  select r.name as object, pg_get_indexdef(i.indexrelid) || ';' as line
  from (${RELATIONS}) r join pg_index i on i.indrelid = r.oid join pg_class x on x.oid = i.indexrelid
  where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
  order by r.name collate "C", x.relname collate "C"`

export const STATISTICS = `
  select r.name as object, pg_get_statisticsobjdef(s.oid) || ';' as line
  from (${RELATIONS}) r join pg_statistic_ext s on s.stxrelid = r.oid
  order by r.name collate "C", s.stxname collate "C"`

export const ROW_SECURITY = `
  select r.name as object, format('alter table %I %s row level security;', r.name, word) as line
  from (${RELATIONS}) r
  join lateral (values ('enable', r.relrowsecurity), ('force', r.relforcerowsecurity)) flag (word, is_on) on flag.is_on
  where r.kind in ('r', 'p')
  order by r.name collate "C", word`

export const POLICIES = `
  select p.tablename as object, format('create policy %I on %I as %s for %s to %s%s%s;', p.policyname, p.tablename, lower(p.permissive),
    lower(p.cmd), array_to_string(array(select unnest(p.roles) order by 1), ', '),
    ' using (' || p.qual || ')', ' with check (' || p.with_check || ')') as line
  from pg_policies p join (${RELATIONS}) r on r.name = p.tablename
  where p.schemaname = 'public'
  order by p.tablename collate "C", p.policyname collate "C"`

export const TRIGGERS = `
  select r.name as object, pg_get_triggerdef(t.oid) || ';' as line
  from (${RELATIONS}) r join pg_trigger t on t.tgrelid = r.oid
  where not t.tgisinternal order by r.name collate "C", t.tgname collate "C"`

export const GRANTS = `
  select object, format('grant %s on %I to %s;', string_agg(privilege, ', ' order by privilege collate "C"), object, grantee) as line
  from (
    select r.name as object, lower(a.privilege_type) as privilege, a.grantee::regrole::text as grantee
    from (${RELATIONS}) r, aclexplode(r.relacl) a where a.grantee <> r.relowner
    union all
    select r.name, format('%s (%s)', lower(a.privilege_type), string_agg(quote_ident(c.attname), ', ' order by c.attname collate "C")), a.grantee::regrole::text
    from (${RELATIONS}) r join pg_attribute c on c.attrelid = r.oid and c.attnum > 0, aclexplode(c.attacl) a
    group by r.name, a.privilege_type, a.grantee
  ) held group by object, grantee order by object collate "C", grantee collate "C"`

export const COMMENTS = `
  select r.name as object, format('comment on %s %s is %L;', what, named, d.description) as line
  from (${RELATIONS}) r join pg_description d on d.objoid = r.oid and d.classoid = 'pg_class'::regclass
  join lateral (
    select case when d.objsubid > 0 then 'column' when r.kind = 'v' then 'view' else 'table' end as what,
      concat_ws('.', quote_ident(r.name), (select quote_ident(attname) from pg_attribute where attrelid = r.oid and attnum = nullif(d.objsubid, 0))) as named
  ) n on true
  union all
  select r.name, format('comment on index %I is %L;', x.relname, d.description)
  from (${RELATIONS}) r join pg_index i on i.indrelid = r.oid join pg_class x on x.oid = i.indexrelid
  join pg_description d on d.objoid = x.oid and d.classoid = 'pg_class'::regclass
  order by 1, 2`

export const FUNCTIONS = `
  select f.name as object, concat_ws(E'\\n', pg_get_functiondef(f.oid) || ';',
    format('alter function %s owner to %I;', f.name, pg_get_userbyid(f.proowner)),
    (select string_agg(format('grant execute on function %s to %s;', f.name, grantee), E'\\n' order by grantee collate "C")
     from (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee
           from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee <> f.proowner) held),
    (select format('comment on function %s is %L;', f.name, description) from pg_description
     where objoid = f.oid and classoid = 'pg_proc'::regclass)) as line
  from (${OWN_FUNCTIONS}) f order by f.name collate "C"`

export const SCHEMA = `
  select 'schema' as object, format('create extension %I;', extname) as line from pg_extension where extname <> 'plpgsql'
  union all
  select 'schema', format('create collation %I (provider = %s, locale = %L);', collname, case collprovider when 'i' then 'icu' else collprovider::text end,
    to_jsonb(c) ->> case when to_jsonb(c) ? 'colllocale' then 'colllocale' else 'colliculocale' end)
  from pg_collation c where collnamespace = 'public'::regnamespace
  union all
  select 'schema', format('grant %s on schema public to %s;', lower(privilege_type), case grantee when 0 then 'public' else grantee::regrole::text end)
  from pg_namespace n, aclexplode(n.nspacl) where n.nspname = 'public' and grantee <> n.nspowner
  union all
  select 'schema', format('-- default rights on new objects (%s) of %s: %s', defaclobjtype, defaclrole::regrole, defaclacl) from pg_default_acl
  order by 1, 2`
