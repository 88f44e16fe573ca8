/** Whose rows: what tenant A can do to the rows of B in each table, and the control that they are there (Q-RLS-01 to 03, 11). */
import type { TableInfo } from '../catalogue'
import { attempt, isRefusal, type Answer, type Refusal } from '../session'
import { appOf, count, insertJson, rowOf, type Check, type Subjects } from './check'

const RLS = /row-level security/

const refusedByPolicy = (outcome: Answer | Refusal) => isRefusal(outcome) && outcome.code === '42501' && RLS.test(outcome.message)
const told = (outcome: Answer | Refusal) => (isRefusal(outcome) ? `${outcome.code} ${outcome.message}` : `${outcome.rowCount} rows`)

interface Subject {
  readonly table: string
  readonly info: TableInfo
  readonly tenant: string
  readonly subjects: Subjects
}

function seesOwnOnly({ table, tenant, subjects: { world } }: Subject): Check {
  return {
    id: 'Q-RLS-01',
    table,
    says: 'A sees all of its rows and none of B',
    async run(session) {
      const control = (planted: string) =>
        session.as({ role: 'superuser' }, (query) => count(query, `${table} where ${tenant} = $1`, [planted]))
      const [own, foreign] = [await control(world.a.ids.tenant), await control(world.b.ids.tenant)]
      if (own === 0 || foreign === 0) return `the control has ${own} rows of A and ${foreign} of B`
      const [seen, ofB] = await session.as(appOf(world.a), async (query) => [
        await count(query, table),
        await count(query, `${table} where ${tenant} = $1`, [world.b.ids.tenant]),
      ])
      return seen === own && ofB === 0 ? null : `A sees ${seen} rows, ${ofB} of them of B; ${own} are its own`
    },
  }
}

function changesNothingOfOthers({ table, info, tenant, subjects: { world } }: Subject): Check {
  const values = [world.b.ids.tenant]
  const column = info.updatable[0]
  return {
    id: 'Q-RLS-01',
    table,
    says: 'update and delete of rows of B touch nothing',
    run: (session) =>
      session.as(appOf(world.a), async (query) => {
        if (info.isDeletable) {
          const deleted = await attempt(query, `delete from ${table} where ${tenant} = $1`, values)
          if (isRefusal(deleted) || deleted.rowCount > 0) return `delete: ${told(deleted)}`
        }
        if (column === undefined) return null
        const updated = await attempt(query, `update ${table} set ${column} = ${column} where ${tenant} = $1 returning 1`, values)
        return isRefusal(updated) || updated.rowCount > 0 ? `update: ${told(updated)}` : null
      }),
  }
}

/** Where the app may not insert at all, the owner tries: the policy must hold for it too. */
function insertsNothingForOthers({ table, info, tenant, subjects: { world } }: Subject): Check {
  const isOpenToApp = info.insertable.includes(tenant)
  const who = isOpenToApp ? appOf(world.a) : { role: 'owner' as const, tenantId: world.a.ids.tenant }
  return {
    id: 'Q-RLS-01',
    table,
    says: 'inserting a row of B is refused by the policy',
    run: (session) =>
      session.as(who, async (query) => {
        const outcome = await attempt(query, insertJson(table, isOpenToApp ? info.insertable : info.columns), [rowOf(world.b, table)])
        return refusedByPolicy(outcome) ? null : `insert: ${told(outcome)}`
      }),
  }
}

function movesNothingAway({ table, tenant, subjects: { world } }: Subject): Check {
  return {
    id: 'Q-RLS-01',
    table,
    says: 'moving an own row to B is refused by the policy',
    run: (session) =>
      session.as(appOf(world.a), async (query) => {
        const outcome = await attempt(query, `update ${table} set ${tenant} = $1 where ${tenant} = $2`, [
          world.b.ids.tenant,
          world.a.ids.tenant,
        ])
        return refusedByPolicy(outcome) ? null : `update: ${told(outcome)}`
      }),
  }
}

/** The setting is empty, not absent, on a connection that served a tenant before: an uncast '' would be an error. */
function seesNothingWithoutTenant({ table, subjects: { world } }: Subject): Check {
  return {
    id: 'Q-RLS-03',
    table,
    says: 'without a tenant there are no rows and no error',
    run: (session) =>
      session.as({ role: 'app', tenantId: '', userId: '' }, async (query) => {
        const outcome = await attempt(query, `select from ${table} where $1::uuid is not null`, [world.a.ids.tenant])
        return isRefusal(outcome) || outcome.rowCount > 0 ? told(outcome) : null
      }),
  }
}

function bindsTheOwner({ table, subjects: { world } }: Subject): Check {
  return {
    id: 'Q-RLS-02',
    table,
    says: 'the owner of the table sees what its context allows: without one, nothing (FORCE)',
    async run(session) {
      const blind = await session.as({ role: 'owner', tenantId: '' }, (query) => count(query, table))
      if (blind > 0) return `the owner sees ${blind} rows without context`
      const seen = await session.as({ role: 'owner', tenantId: world.a.ids.tenant, userId: world.a.ids.user }, (query) =>
        count(query, table),
      )
      return seen > 0 ? null : 'the owner sees nothing in the context of A'
    },
  }
}

function hidesInAnyShape({ table, tenant, subjects: { world } }: Subject): Check {
  const shapes = `
    with cte as (select ${tenant} as tenant from ${table})
    select x.tenant from cte x
    where x.tenant = $1 or exists (select from ${table} y where y.${tenant} = $1) or x.tenant in (select ${tenant} from ${table} where ${tenant} = $1)
    union all select l.tenant from cte l join lateral (select ${tenant} from ${table} r where r.${tenant} <> l.tenant) other on true`
  return {
    id: 'Q-RLS-11',
    table,
    says: 'joins, subqueries, exists and CTEs show rows of A only',
    run: (session) =>
      session.as(appOf(world.a), async (query) => {
        const { rowCount } = await query(shapes, [world.b.ids.tenant])
        return rowCount === 0 ? null : `${rowCount} rows`
      }),
  }
}

function checksOf(subject: Subject): Check[] {
  const { info, tenant } = subject
  return [
    seesOwnOnly(subject),
    changesNothingOfOthers(subject),
    insertsNothingForOthers(subject),
    ...(info.updatable.includes(tenant) ? [movesNothingAway(subject)] : []),
    seesNothingWithoutTenant(subject),
    bindsTheOwner(subject),
    hidesInAnyShape(subject),
  ]
}

/** For every table and partition in which a row of A and of B stands; partitions are asked by their own name (Q-RLS-11). */
export function rowChecks(subjects: Subjects): Check[] {
  return subjects.tables.flatMap((info) => {
    if (info.tenantColumn === null || (info.parent !== null && !subjects.world.a.rows.has(info.name))) return []
    return checksOf({ table: info.name, info, tenant: info.tenantColumn, subjects })
  })
}
