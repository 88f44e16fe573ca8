/** Lists: filters with bound values, search, orders with keyset or page, and the total (API-020 to API-025). */
import type { Tx } from '../tx'

export interface SortKey {
  readonly key: string
  readonly descending: boolean
}

export interface PageRequest {
  readonly sort: readonly SortKey[]
  readonly limit: number
  readonly offset: number
  /** Sort values of the last row seen, its id last; null on the first page and in page mode. */
  readonly after: readonly (string | null)[] | null
  readonly search: string | null
  /** Only these tenants' rows (platform scope, API-028); null = all that are visible. */
  readonly tenantIds: readonly string[] | null
}

export interface Page<R> {
  readonly rows: readonly R[]
  /** Null in cursor mode. */
  readonly total: number | null
  /** Sort values of the last row, when more rows follow. */
  readonly last: readonly (string | null)[] | null
}

/** What a sort key orders by. `isNullable` keys put nulls last, which costs them the plain index order. */
export interface SortColumn {
  readonly sql: string
  readonly type: 'text' | 'timestamptz' | 'numeric' | 'uuid'
  readonly isNullable?: boolean
}

/** A transaction of one tenant, or of the platform over all. */
export interface ReadTx extends Tx {
  readonly tenantId?: string
}

export interface Filter {
  readonly values: readonly unknown[]
  /** Binds a value; returns its placeholder. */
  bind(value: unknown): string
  /** Adds a condition. */
  and(condition: string): void
  /** Adds a condition unless the value is absent. */
  when<T>(value: T | null | undefined, condition: (placeholder: string) => string): void
  /** Adds `condition`, or its negation for `false`, unless the flag is absent. */
  flag(value: boolean | undefined, condition: string): void
  readonly text: () => string
}

/** `alias.tenant_id` is named in each statement: policy for safety, predicate for the planner (DB-137). */
export function createFilter(tx: ReadTx, alias: string, tenantIds: readonly string[] | null = null): Filter {
  const values: unknown[] = []
  const conditions: string[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const filter: Filter = {
    values,
    bind,
    and: (condition) => void conditions.push(condition),
    when: (value, condition) => {
      if (value !== null && value !== undefined) conditions.push(condition(bind(value)))
    },
    flag: (value, condition) => {
      if (value !== undefined) conditions.push(value ? condition : `not coalesce((${condition}), false)`)
    },
    text: () => (conditions.length === 0 ? 'true' : conditions.join(' and ')),
  }
  filter.when(tx.tenantId, (id) => `${alias}.tenant_id = ${id}`)
  filter.when(tenantIds, (ids) => `${alias}.tenant_id = any(${ids}::uuid[])`)
  return filter
}

/** Case- and accent-insensitive substring over an indexed expression; `%`, `_` and `\` are literal (API-025). */
export function searchIn(expression: string, placeholder: string): string {
  return `search_key(${expression}) like '%' || replace(replace(replace(search_key(${placeholder}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`
}

/** An EUI matches with or without separators. */
export const searchEui = (column: string, placeholder: string): string =>
  `(length(regexp_replace(${placeholder}, '[^0-9A-Fa-f]', '', 'g')) > 2 and ${placeholder} ~ '^[0-9A-Fa-f:. -]+$' and ${column} like '%' || lower(regexp_replace(${placeholder}, '[^0-9A-Fa-f]', '', 'g')) || '%')`

export interface ListQuery {
  readonly columns: string
  /** `from … join …`, without `where`. */
  readonly from: string
  readonly filter: Filter
  readonly sorts: Readonly<Record<string, SortColumn>>
  /** Breaks ties; a uuid unless `tie` says otherwise. */
  readonly idColumn: string
  readonly tie?: { readonly type: SortColumn['type']; readonly descending: boolean }
  readonly page: PageRequest
}

interface Order extends SortColumn {
  readonly descending: boolean
}

/** One page and, in page mode, the total of all. */
export async function listPage<R>(tx: ReadTx, query: ListQuery): Promise<Page<R>> {
  const { filter, page } = query
  const orders = ordersOf(query)
  const total = page.after === null ? await countAll(tx, query) : null
  const where = page.after === null ? filter.text() : `${filter.text()} and ${beyond(orders, page.after, filter)}`
  const values = orders.map(({ sql }) => `(${sql})::text`).join(', ')
  const limit = filter.bind(page.limit + 1)
  const offset = filter.bind(page.offset)
  const text = `select ${query.columns}, json_build_array(${values}) as "sortValues" ${query.from} where ${where}
    order by ${orders.map(orderText).join(', ')} limit ${limit} offset ${offset}`
  const found = await tx.dynamicRows<R & { sortValues: readonly (string | null)[] }>(text, filter.values)
  const rows = found.slice(0, page.limit)
  return { rows, total, last: found.length > page.limit ? (rows.at(-1)?.sortValues ?? null) : null }
}

async function countAll(tx: ReadTx, { from, filter }: ListQuery): Promise<number> {
  const [row] = await tx.dynamicRows<{ total: number }>(`select count(*) as total ${from} where ${filter.text()}`, filter.values)
  return row?.total ?? 0
}

/** The id breaks ties, so that every order is total. */
function ordersOf({ sorts, page, idColumn, tie }: ListQuery): Order[] {
  const orders = page.sort.map(({ key, descending }): Order => {
    const column = sorts[key]
    if (column === undefined) throw new Error(`no column sorts by ${key}`)
    return { ...column, descending }
  })
  return [...orders, { sql: idColumn, type: tie?.type ?? 'uuid', descending: tie?.descending ?? false }]
}

const orderText = ({ sql, descending, isNullable }: Order): string =>
  `${sql}${descending ? ' desc' : ''}${isNullable === true && descending ? ' nulls last' : ''}`

/** Rows after the given one: equal in the first keys and beyond in the next, for each key in turn. Nulls come last in both directions. */
function beyond(orders: readonly Order[], after: readonly (string | null)[], filter: Filter): string {
  const placeholders = orders.map(({ type }, index) => `${filter.bind(after[index] ?? null)}::${type}`)
  const alternatives = orders.map((order, index) => {
    const equal = orders.slice(0, index).map((one, i) => `${one.sql} is not distinct from ${placeholders[i] ?? 'null'}`)
    return `(${[...equal, afterOne(order, placeholders[index] ?? 'null')].join(' and ')})`
  })
  return `(${alternatives.join(' or ')})`
}

function afterOne({ sql, descending, isNullable }: Order, placeholder: string): string {
  const further = `${sql} ${descending ? '<' : '>'} ${placeholder}`
  return isNullable === true ? `(${placeholder} is not null and (${further} or ${sql} is null))` : further
}
