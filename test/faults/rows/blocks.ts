/** A mutation that shows every doubling: several blocks of one space may be open, so a second effect is a second row (API-331). */
import type { Pool } from 'pg'
import type { FaultWorld } from '../world'

export interface Block {
  readonly kind: 'blocked'
  /** Unique: the block is counted by it. */
  readonly reason: string
}

export const blockOf = (why: string): Block => ({ kind: 'blocked', reason: `${why} ${crypto.randomUUID()}` })

export async function countBlocks(db: Pool, spaceId: string, reason: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from space_overrides where space_id = $1 and reason = $2',
    [spaceId, reason],
  )
  return rows[0]?.count ?? 0
}

/** Spaces that no sensor moves, in an order that does not change. */
export async function freeSpaces({ db, fleet }: FaultWorld, count: number): Promise<string[]> {
  const tenantId = fleet.all[0]?.sensor.tenantId
  const text =
    'select id from spaces where tenant_id = $1 and sensor_device_id is null and deleted_at is null and enabled order by id limit $2'
  return (await db.query<{ id: string }>(text, [tenantId, count])).rows.map(({ id }) => id)
}
