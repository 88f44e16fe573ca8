/** What the checks must know of tables, keys and rights, read from `pg_catalog` so that a new table is checked the day it appears. */
import type { Query, Session } from './session'

export interface TableInfo {
  readonly name: string
  /** `tenant_id`, or `id` of `tenants`; null for tables without tenant. */
  readonly tenantColumn: string | null
  /** Columns that can be written: no generated ones. */
  readonly columns: readonly string[]
  readonly hasId: boolean
  readonly parent: string | null
  /** Columns that `parking_app` may write. */
  readonly insertable: readonly string[]
  readonly updatable: readonly string[]
  readonly isDeletable: boolean
  /** Roles that a policy names. */
  readonly policyRoles: readonly string[]
}

export interface ForeignKey {
  readonly name: string
  readonly table: string
  /** The column beside `tenant_id`. */
  readonly column: string
  readonly target: string
}

export interface UniqueKey {
  readonly name: string
  readonly table: string
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly nullsNotDistinct: boolean
}

const TABLES = `
  select c.relname as name,
    case when c.relname = 'tenants' then 'id' when bool_or(a.attname = 'tenant_id') then 'tenant_id' end as "tenantColumn",
    array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns,
    bool_or(a.attname = 'id') as "hasId",
    (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid) as parent,
    coalesce(array_agg(a.attname::text order by a.attnum)
      filter (where a.attgenerated = '' and has_column_privilege('parking_app', c.oid, a.attnum, 'insert')), '{}') as insertable,
    coalesce(array_agg(a.attname::text order by a.attnum)
      filter (where a.attgenerated = '' and has_column_privilege('parking_app', c.oid, a.attnum, 'update')), '{}') as updatable,
    has_table_privilege('parking_app', c.oid, 'delete') as "isDeletable",
    array(select distinct r.rolname::text from pg_policy p join pg_roles r on r.oid = any (p.polroles) where p.polrelid = c.oid) as "policyRoles"
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  group by c.oid, c.relname order by c.relname collate "C"`

const COMPOSITE_FOREIGN_KEYS = `
  select c.conname as name, c.conrelid::regclass::text as "table", a.attname as "column", c.confrelid::regclass::text as target
  from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]
  where c.contype = 'f' and c.connamespace = 'public'::regnamespace and cardinality(c.conkey) = 2
    and not exists (select from pg_inherits where inhrelid = c.conrelid)
  order by 2, 1`

const TENANT_UNIQUE_KEYS = `
  select x.relname as name, i.indrelid::regclass::text as "table",
    array(select pg_get_indexdef(i.indexrelid, k, false) from generate_series(1, i.indnkeyatts) k) as columns,
    pg_get_expr(i.indpred, i.indrelid) as predicate, i.indnullsnotdistinct as "nullsNotDistinct"
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  where i.indisunique and t.relnamespace = 'public'::regnamespace and t.relkind = 'r' and not t.relispartition
  order by 2, 1`

/** Catalogue queries are typed by their text: each `as` names a member of the interface above. */
async function read<R>(query: Query, text: string): Promise<R[]> {
  return (await query(text)).rows as unknown as R[]
}

export const readTables = (session: Session) => session.as({ role: 'superuser' }, (query) => read<TableInfo>(query, TABLES))
export const readForeignKeys = (session: Session) =>
  session.as({ role: 'superuser' }, (query) => read<ForeignKey>(query, COMPOSITE_FOREIGN_KEYS))

/** Unique keys that begin with the tenant; without it they would tell about other tenants (Q-RLS-07). */
export async function readTenantUniqueKeys(session: Session): Promise<UniqueKey[]> {
  const keys = await session.as({ role: 'superuser' }, (query) => read<UniqueKey>(query, TENANT_UNIQUE_KEYS))
  return keys.filter(({ columns }) => columns[0] === 'tenant_id' && columns.length > 1)
}
