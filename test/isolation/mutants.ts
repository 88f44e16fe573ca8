/** Every wall of the isolation, taken down one at a time: each must be noticed (Q-MUT-01). */
import { readForeignKeys, readTenantUniqueKeys, type ForeignKey, type TableInfo, type UniqueKey } from './catalogue'
import type { Query, Session } from './session'

export interface Mutant {
  readonly name: string
  /** Checks of this table or view must turn red. */
  readonly table: string
  readonly statements: readonly string[]
}

interface Policy {
  readonly policy: string
  readonly table: string
  readonly isOfTenant: boolean
  readonly hasCheck: boolean
}

const POLICIES = `
  select policyname as policy, tablename as "table", coalesce(qual, with_check) like '%current_%' as "isOfTenant", with_check is not null as "hasCheck"
  from pg_policies where schemaname = 'public' order by 2, 1`

function policyMutants({ policy, table, isOfTenant, hasCheck }: Policy): Mutant[] {
  const dropped = { name: `policy ${policy} of ${table} dropped`, table, statements: [`drop policy ${policy} on ${table}`] }
  if (!isOfTenant) return [dropped]
  const opened = { name: `policy ${policy} of ${table} opened`, table, statements: [`alter policy ${policy} on ${table} using (true)`] }
  if (!hasCheck) return [dropped, opened]
  const unchecked = {
    name: `policy ${policy} of ${table} unchecked`,
    table,
    statements: [`alter policy ${policy} on ${table} with check (true)`],
  }
  return table === 'users' ? [dropped, opened] : [dropped, opened, unchecked]
}

const flagMutants = ({ name }: TableInfo): Mutant[] => [
  { name: `FORCE of ${name} off`, table: name, statements: [`alter table ${name} no force row level security`] },
  { name: `row security of ${name} off`, table: name, statements: [`alter table ${name} disable row level security`] },
]

/** `(tenant_id, x_id)` made `(x_id)`. */
const simpleKey = ({ name, table, column, target }: ForeignKey): Mutant => ({
  name: `foreign key ${name} made simple`,
  table,
  statements: [
    `create unique index mutant on ${target} (id)`,
    `alter table ${table} drop constraint ${name}`,
    `alter table ${table} add constraint ${name} foreign key (${column}) references ${target} (id)`,
  ],
})

const blindKey = ({ name, table, columns, predicate, nullsNotDistinct }: UniqueKey): Mutant => ({
  name: `unique key ${name} without its tenant`,
  table,
  statements: [
    `create unique index mutant on ${table} (${columns.slice(1).join(', ')}) ${nullsNotDistinct ? 'nulls not distinct' : ''} ${predicate === null ? '' : `where ${predicate}`}`,
  ],
})

const SINGLE: readonly Mutant[] = [
  {
    name: 'nullif removed from current_tenant_id',
    table: 'sites',
    statements: [
      `create or replace function current_tenant_id() returns uuid language sql stable parallel safe
         as $$ select current_setting('app.tenant_id', true)::uuid $$`,
    ],
  },
  {
    name: 'nullif removed from current_user_id',
    table: 'users',
    statements: [
      `create or replace function current_user_id() returns uuid language sql stable parallel safe
         as $$ select current_setting('app.user_id', true)::uuid $$`,
    ],
  },
  ...['parking_platform', 'parking_ingest'].map((role) => ({
    name: `membership of ${role} inherited`,
    table: 'devices',
    statements: [`grant ${role} to parking_app with inherit true`],
  })),
  ...['sensor_devices', 'display_devices'].map((view) => ({
    name: `security_invoker of ${view} off`,
    table: view,
    statements: [`alter view ${view} set (security_invoker = false)`],
  })),
  { name: 'password hashes readable', table: 'users', statements: ['grant select on users to parking_app'] },
  { name: 'bookings readable by ingest', table: 'reservations', statements: ['grant select on reservations to parking_ingest'] },
  {
    name: 'overlap of bookings told across tenants',
    table: 'reservations',
    statements: [
      'alter table reservations drop constraint reservations__no_overlap',
      `alter table reservations add constraint reservations__no_overlap exclude using gist (space_id with =, period with &&)
         where (status in ('pending', 'confirmed', 'active'))`,
    ],
  },
  {
    name: 'overlap of assignments told across tenants',
    table: 'device_assignments',
    statements: [
      'alter table device_assignments drop constraint device_assignments__one_space',
      'alter table device_assignments add constraint device_assignments__one_space exclude using gist (device_id with =, period with &&)',
    ],
  },
]

export async function readMutants(session: Session, tables: readonly TableInfo[]): Promise<Mutant[]> {
  const policies = await session.as({ role: 'superuser' }, async (query) => (await query(POLICIES)).rows as unknown as Policy[])
  const keys = await readForeignKeys(session)
  const unique = await readTenantUniqueKeys(session)
  return [...policies.flatMap(policyMutants), ...tables.flatMap(flagMutants), ...keys.map(simpleKey), ...unique.map(blindKey), ...SINGLE]
}

export async function apply(query: Query, mutant: Mutant): Promise<void> {
  for (const statement of mutant.statements) await query(statement)
}
