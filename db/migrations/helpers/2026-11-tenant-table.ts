/**
 * `createTenantTable` emits all that a tenant table must have (DB-885): key, foreign keys, row security enabled and forced,
 * policies, grants, touch trigger, comment. Frozen since 2026-11: a later need gets a new file.
 */

export interface Reference {
  readonly column: string
  readonly to: string
  readonly onDelete?: 'cascade' | 'restrict' | 'set null'
  /** False when a named index of the table already begins with `(tenant_id, column)` (DB-103). */
  readonly index?: false
}

export interface Access {
  /** Rights of `parking_app`; select, insert, update and delete unless told otherwise (schema § 6). */
  readonly app?: string
  /** Rights of `parking_platform`; select unless DB-122 lists the table. */
  readonly platform?: string
  /** Rights of `parking_ingest` (DB-123). */
  readonly ingest?: string
  /** Rights of `parking_lookup`, by column (DB-124). */
  readonly lookup?: string
}

export interface TenantTable {
  readonly name: string
  readonly comment: string
  /** One column each, its name first; an inline `check` gets the name `<table>__<column>`. */
  readonly columns: readonly string[]
  /** Columns of the primary key; `tenant_id, id` unless told otherwise. Without `id` here there is no such column. */
  readonly key?: string
  /** False only for `audit_log`, whose rows outlive their tenant. */
  readonly tenantKey?: false
  readonly references?: readonly Reference[]
  /** `meaning` → text of the constraint; named `<table>__<meaning>`. */
  readonly constraints?: Readonly<Record<string, string>>
  /** Name → `[unique] …` text after `on <table>`. */
  readonly indexes?: Readonly<Record<string, string>>
  readonly uniqueIndexes?: Readonly<Record<string, string>>
  /** +T = `time`, +V = `version` (DB-108). */
  readonly touch?: 'time' | 'version'
  /** Columns whose change is not a change of configuration. */
  readonly live?: readonly string[]
  readonly partitionBy?: string
  readonly fillfactor?: number
  readonly access?: Access
}

export const FULL = 'select, insert, update, delete'
const TENANT_IS_CURRENT = '(tenant_id = (select current_tenant_id()))'
const TOUCH_COLUMNS = {
  none: [],
  time: ['created_at timestamptz not null default now()', 'updated_at timestamptz not null default now()'],
  version: [
    'created_at timestamptz not null default now()',
    'updated_at timestamptz not null default now()',
    'version integer not null default 1',
  ],
} as const

const columnName = (definition: string) => definition.split(' ', 1)[0] ?? ''

/** Inline checks get a name that says whose they are (DB-101). */
export function namedChecks(table: string, definition: string): string {
  return definition.replace(/(?<!constraint \S+) check \(/, ` constraint ${table}__${columnName(definition)} check (`)
}

function foreignKey(table: string, { column, to, onDelete }: Reference): string {
  const action = onDelete === undefined ? '' : ` on delete ${onDelete === 'set null' ? `set null (${column})` : onDelete}`
  const name = `${table}__${column.replace(/_id$/, '')}`
  return to === 'users'
    ? `constraint ${name} foreign key (${column}) references users (id)${action}`
    : `constraint ${name} foreign key (tenant_id, ${column}) references ${to} (tenant_id, id)${action}`
}

/** The foreign key that is added once its target exists (two tables that point at each other). */
export const addForeignKey = (table: string, reference: Reference): string => `alter table ${table} add ${foreignKey(table, reference)}`

function referenceIndex(table: string, { column, to, index }: Reference): string[] {
  if (index === false) return []
  return [`create index idx_${table}_${column} on ${table} (${to === 'users' ? column : `tenant_id, ${column}`})`]
}

function createTable(table: TenantTable): string {
  const key = table.key ?? 'tenant_id, id'
  const hasId = /\bid\b/.test(key)
  const lines = [
    `tenant_id uuid not null`,
    ...(hasId ? ['id uuid not null default uuid_v7()'] : []),
    ...table.columns.map((column) => namedChecks(table.name, column)),
    ...TOUCH_COLUMNS[table.touch ?? 'none'],
    `constraint ${table.name}__pk primary key (${key})`,
    ...(table.tenantKey === false
      ? []
      : [`constraint ${table.name}__tenant foreign key (tenant_id) references tenants (id) on delete cascade`]),
    ...(table.references ?? []).map((reference) => foreignKey(table.name, reference)),
    ...Object.entries(table.constraints ?? {}).map(([meaning, text]) => `constraint ${table.name}__${meaning} ${text}`),
  ]
  const partition = table.partitionBy === undefined ? '' : ` partition by range (${table.partitionBy})`
  const storage = table.fillfactor === undefined ? '' : ` with (fillfactor = ${table.fillfactor})`
  return `create table ${table.name} (\n  ${lines.join(',\n  ')}\n)${partition}${storage}`
}

/** Row security for a table whose rows are chosen by `rows`; `with check` is always written out (DB-905). */
function rowSecurity(table: string, access: Access, rows: string): string[] {
  const everything = 'using (true) with check (true)'
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy tenant_isolation on ${table} to parking_app, parking_owner using ${rows} with check ${rows}`,
    `create policy platform_access on ${table} to parking_platform ${everything}`,
    ...(access.ingest === undefined ? [] : [`create policy ingest_access on ${table} to parking_ingest ${everything}`]),
    ...(access.lookup === undefined ? [] : [`create policy lookup_access on ${table} for select to parking_lookup using (true)`]),
  ]
}

export function grants(table: string, access: Access): string[] {
  const rights: readonly (readonly [string, string | undefined])[] = [
    ['parking_app', access.app ?? FULL],
    ['parking_platform', access.platform ?? 'select'],
    ['parking_ingest', access.ingest],
    ['parking_lookup', access.lookup],
  ]
  return rights.flatMap(([role, right]) => (right === undefined ? [] : [`grant ${right} on ${table} to ${role}`]))
}

interface Touched {
  readonly name: string
  readonly columns: readonly string[]
  readonly touch?: 'time' | 'version' | undefined
  readonly live?: readonly string[] | undefined
}

/** The trigger of DB-108: it fires only when a configuration column really changed, so that telemetry never raises a version. */
export function touchTrigger({ name, columns, touch, live }: Touched): string[] {
  if (touch === undefined) return []
  const watched = columns
    .filter((column) => !column.includes('generated always'))
    .map(columnName)
    .filter((column) => !(live ?? []).includes(column))
  const row = (side: string) => `(${watched.map((column) => `${side}.${column}`).join(', ')})`
  const body = touch === 'version' ? 'touch_version()' : 'touch_time()'
  return [
    `create trigger ${name}__touch before update on ${name} for each row when (${row('old')} is distinct from ${row('new')}) execute function ${body}`,
  ]
}

export function createTenantTable(table: TenantTable): string[] {
  const access = table.access ?? {}
  const index =
    (kind: string) =>
    ([name, text]: [string, string]) =>
      `create ${kind} ${name} on ${table.name} ${text}`
  return [
    createTable(table),
    ...(table.references ?? []).flatMap((reference) => referenceIndex(table.name, reference)),
    ...Object.entries(table.uniqueIndexes ?? {}).map(index('unique index')),
    ...Object.entries(table.indexes ?? {}).map(index('index')),
    ...rowSecurity(table.name, access, TENANT_IS_CURRENT),
    ...grants(table.name, access),
    ...touchTrigger(table),
    `comment on table ${table.name} is '${table.comment.replaceAll("'", "''")}'`,
  ]
}
