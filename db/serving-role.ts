/** Refuses to serve with a role that row security does not bind (DB-126, OPS-105). */
import type { Pool } from 'pg'

/** What a role that only serves must not be. */
const UNFIT = `
  select rolname as role,
    case when rolsuper then 'a superuser'
         when rolbypassrls then 'allowed to bypass row security'
         when exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p')) then 'the owner of tables'
         when pg_get_userbyid((select datdba from pg_database where datname = current_database())) = rolname then 'the owner of the database'
    end as unfit
  from pg_roles r where rolname = session_user`

export class UnfitRole extends Error {
  override readonly name = 'UnfitRole'
}

/** Throws one plain sentence when the pool's role is superuser, owner or bypasses row security. */
export async function assertServingRole(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; unfit: string | null }>(UNFIT)
  const found = rows[0]
  if (found?.unfit) throw new UnfitRole(`The role ${found.role} is ${found.unfit}; serve as parking_app.`)
}

const RETRY_MS = 1_000

/** Asks until the database answers, since a process may start before it; `onUnfit` is told once, in words that name the variable. */
export async function watchServingRole(pool: Pool, onUnfit: (reason: string) => void): Promise<void> {
  for (;;) {
    try {
      return await assertServingRole(pool)
    } catch (error) {
      if (error instanceof UnfitRole) return onUnfit(`DATABASE_URL: ${error.message}`)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS)) // away: health tells so meanwhile
    }
  }
}
