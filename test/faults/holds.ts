/** Holds a lock from outside, so that a process can be struck in the middle of what it does and not by luck. */
import type { Pool } from 'pg'
import { until } from '../harness/until'

export interface Hold {
  release(): Promise<void>
}

async function hold(db: Pool, statement: string, values: readonly unknown[] = []): Promise<Hold> {
  const client = await db.connect()
  await client.query('begin')
  await client.query(statement, [...values])
  return {
    async release() {
      await client.query('rollback')
      client.release()
    },
  }
}

/** No reading can be stored; reading goes on. */
export const holdReadings = (db: Pool): Promise<Hold> => hold(db, 'lock table sensor_readings in exclusive mode')

/** None of these spaces can be projected or changed. */
export const holdSpaces = (db: Pool, spaceIds: readonly string[]): Promise<Hold> =>
  hold(db, 'select from spaces where id = any($1) for update', [spaceIds])

/** Resolves when at least so many sessions of the product wait for a lock. */
export async function untilBlocked(db: Pool, atLeast = 1): Promise<void> {
  const text = `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and usename = 'parking_app'`
  await until(async () => ((await db.query<{ waiting: number }>(text)).rows[0]?.waiting ?? 0) >= atLeast, {
    everyMs: 10,
    what: `${atLeast} sessions waiting for the held lock`,
  })
}
