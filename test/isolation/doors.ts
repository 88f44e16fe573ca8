/** The units of work as doors: each check answers null or what came through; mutants of the door run the same ones (Q-MUT-01). */
import type { Pool } from 'pg'
import type { UnitOfWork } from '#db/unit-of-work'
import type { World } from './world'

export const targetOf = ({ ids }: World['a']) => `space/${ids.tenant}/${ids.space}`

/** Each tenant finds its own outbox row through `withTenant` and not that of the other. */
export async function ownRowsOnly(unitOfWork: UnitOfWork, { a, b }: World): Promise<string | null> {
  for (const [mine, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const seen = await unitOfWork.withTenant({ tenantId: mine.ids.tenant }, async ({ outbox }) => ({
      own: (await outbox.find(targetOf(mine))) !== null,
      foreign: (await outbox.find(targetOf(other))) !== null,
    }))
    if (!seen.own || seen.foreign) return `own row ${seen.own ? 'found' : 'missing'}, foreign row ${seen.foreign ? 'found' : 'missing'}`
  }
  return null
}

/** What a connection still carries when nobody holds it. */
export async function leftBehind(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ tenant: string | null; person: string | null; entered: boolean; seen: number }>(`
    select current_setting('app.tenant_id', true) as tenant, current_setting('app.user_id', true) as person,
      current_user <> session_user as entered, (select count(*)::int from sites) as seen`)
  const { tenant, person, entered, seen } = rows[0] ?? { tenant: '?', person: '?', entered: true, seen: -1 }
  return tenant || person || entered || seen !== 0
    ? `tenant ${tenant}, person ${person}, role ${entered ? 'entered' : 'own'}, ${seen} sites`
    : null
}
