/** Who asks, in which tenant: every check runs through this, on live connections or inside a mutated transaction (Q-MUT-01). */
import { Client, type Pool, type PoolClient } from 'pg'
import { assertServingRole } from '#db/serving-role'
import type { TestDatabase } from '#test/harness/test-database'

export interface Who {
  readonly role: 'app' | 'platform' | 'ingest' | 'owner' | 'lookup' | 'superuser'
  readonly tenantId?: string
  readonly userId?: string
}

export interface Answer {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly rowCount: number
}

export type Query = (text: string, values?: readonly unknown[]) => Promise<Answer>

export interface Session {
  /** Runs `work` as `who` and takes everything back afterwards. */
  as<T>(who: Who, work: (query: Query) => Promise<T>): Promise<T>
}

type Connection = Pick<Client, 'query'> | PoolClient

const queryOf =
  (client: Connection): Query =>
  async (text, values = []) => {
    const { rows, rowCount } = await client.query<Record<string, unknown>>(text, [...values])
    return { rows, rowCount: rowCount ?? 0 }
  }

const ENTERED: Partial<Record<Who['role'], string>> = { platform: 'parking_platform', ingest: 'parking_ingest', lookup: 'parking_lookup' }

async function enter(query: Query, { role, tenantId, userId }: Who): Promise<void> {
  if (tenantId !== undefined) await query(`select set_config('app.tenant_id', $1, true)`, [tenantId])
  if (userId !== undefined) await query(`select set_config('app.user_id', $1, true)`, [userId])
  const entered = ENTERED[role]
  if (entered !== undefined) await query(`set local role ${entered}`)
}

async function rolledBack<T>(client: Connection, who: Who, work: (query: Query) => Promise<T>): Promise<T> {
  const query = queryOf(client)
  await query('begin')
  try {
    await enter(query, who)
    return await work(query)
  } finally {
    await query('rollback')
  }
}

async function withPooled<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

export interface LiveSession extends Session {
  close(): Promise<void>
}

/** The product's own roles on their own connections; refuses to start on a pool that row security does not bind (DB-915). */
export async function openSession(database: TestDatabase): Promise<LiveSession> {
  await assertServingRole(database.pool)
  const owner = new Client({ connectionString: database.ownerUrl })
  const superuser = new Client({ connectionString: database.adminUrl })
  await Promise.all([owner.connect(), superuser.connect()])
  return {
    as(who, work) {
      if (who.role === 'owner') return rolledBack(owner, who, work)
      if (who.role === 'superuser' || who.role === 'lookup') return rolledBack(superuser, who, work)
      return withPooled(database.pool, (client) => rolledBack(client, who, work))
    },
    close: async () => {
      await Promise.all([owner.end(), superuser.end()])
    },
  }
}

const LOGINS: Readonly<Record<Who['role'], string | null>> = {
  app: 'parking_app',
  platform: 'parking_app',
  ingest: 'parking_app',
  owner: 'parking_owner',
  lookup: null,
  superuser: null,
}

/**
 * All roles inside one open transaction of a superuser, whose changes nobody else ever sees: a mutation stands in it while the
 * checks run. `set local session authorization` makes the role a login, so membership and inheritance count as in life.
 */
export function sessionInside(superuser: Client): Session {
  const query = queryOf(superuser)
  return {
    async as(who, work) {
      await query('savepoint check_begins')
      try {
        const login = LOGINS[who.role]
        if (login !== null) await query(`set local session authorization ${login}`)
        await enter(query, who)
        return await work(query)
      } finally {
        await query('rollback to savepoint check_begins')
      }
    },
  }
}

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** What a statement came to: an answer, or the refusal; the transaction can go on after it. */
export async function attempt(query: Query, text: string, values: readonly unknown[] = []): Promise<Answer | Refusal> {
  await query('savepoint attempt_begins')
  try {
    const answer = await query(text, values)
    await query('release savepoint attempt_begins')
    return answer
  } catch (error) {
    await query('rollback to savepoint attempt_begins')
    const { code, message } = error as Refusal // pg rejects with SQLSTATE and text
    return { code, message }
  }
}

export const isRefusal = (outcome: Answer | Refusal): outcome is Refusal => 'code' in outcome
