/** Keys must neither reach into another tenant nor tell about it: composite foreign keys, tenant-first unique keys (Q-RLS-06, 07). */
import type { ForeignKey, TableInfo } from '../catalogue'
import { FRESH, type Row } from '../planted-rows'
import { attempt, isRefusal } from '../session'
import { appOf, insertJson, rowOf, type Check, type Subjects } from './check'

const FOREIGN_KEY_VIOLATION = '23503'
/** Tables of which a tenant has one row: a second one is refused for the tenant's own sake. */
const ONE_PER_TENANT = new Set(['chirpstack_links'])

/** Without `id`, which a default then makes new. */
const columnsOf = ({ hasId, insertable }: TableInfo) => insertable.filter((column) => !hasId || column !== 'id')

function refersToOthers(key: ForeignKey, info: TableInfo, { world }: Subjects): Check {
  const target = rowOf(world.b, key.target)
  const { table, column } = key
  return {
    id: 'Q-RLS-06',
    table,
    says: `${key.name} refuses a row of B`,
    run: (session) =>
      session.as(appOf(world.a), async (query) => {
        const row: Row = { ...rowOf(world.a, table), ...FRESH[table]?.(), [column]: target['id'], ...dependents(table, column) }
        const outcome = await attempt(query, insertJson(table, columnsOf(info)), [row])
        return isRefusal(outcome) && outcome.code === FOREIGN_KEY_VIOLATION
          ? null
          : isRefusal(outcome)
            ? outcome.message
            : 'it was accepted'
      }),
  }
}

/** Members that must change with the reference, so that no CHECK answers in place of the foreign key. */
function dependents(table: string, column: string): Row {
  if (table === 'devices' && column === 'assigned_space_id') return { assigned_at: new Date() }
  if (table === 'display_policies' && column === 'space_id') return { scope_type: 'space', site_id: null }
  return {}
}

/** Copies of B's rows under A: whatever of B one collided with would be a signal. Where the app may not insert, the owner tries. */
function collidesWithOthers(info: TableInfo, { world }: Subjects): Check {
  const table = info.name
  const isOpenToApp = info.insertable.length > 0
  const columns = isOpenToApp ? info.insertable : info.columns
  const statement = `${insertJson(table, columns)} on conflict do nothing`
  return {
    id: 'Q-RLS-07',
    table,
    says: 'no unique or exclusion constraint tells of a row of B',
    run: (session) =>
      session.as(isOpenToApp ? appOf(world.a) : { role: 'owner', tenantId: world.a.ids.tenant }, async (query) => {
        if (ONE_PER_TENANT.has(table)) await query(`delete from ${table}`)
        for (const foreign of world.b.rows.get(table) ?? []) {
          const row: Row = { ...foreign, tenant_id: world.a.ids.tenant, ...GLOBAL_MEMBERS[table]?.() }
          const outcome = await attempt(query, statement, [row])
          if (isRefusal(outcome) && outcome.code !== FOREIGN_KEY_VIOLATION) return outcome.message
          if (!isRefusal(outcome) && outcome.rowCount !== 1) return 'it collided with a row of B'
        }
        return null
      }),
  }
}

/** The global keys of DB-104 are the exception; their members are made new. */
const GLOBAL_MEMBERS: Readonly<Record<string, () => Row>> = {
  devices: () => ({ dev_eui: FRESH['devices']?.()['dev_eui'] }),
  refresh_tokens: () => ({ ...FRESH['refresh_tokens']?.() }),
  chirpstack_applications: () => ({ ...FRESH['chirpstack_applications']?.() }),
}

export function keyChecks(subjects: Subjects): Check[] {
  const tables = new Map(subjects.tables.map((info) => [info.name, info]))
  const references = subjects.foreignKeys.flatMap((key) => {
    const info = tables.get(key.table)
    return info === undefined || info.insertable.length === 0 ? [] : [refersToOthers(key, info, subjects)]
  })
  const collisions = subjects.tables
    .filter(({ tenantColumn, parent }) => tenantColumn === 'tenant_id' && parent === null)
    .map((info) => collidesWithOthers(info, subjects))
  return [...references, ...collisions]
}
