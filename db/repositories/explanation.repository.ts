/** What continues a stored explanation: who was told, and the names behind the ids in its cards (DB-239, DOM-246). */
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import type { ReadTx } from './list-query'
import type { TransitionRow } from './transition.repository'

const TOLD = `channel, ${epochMs('told_at')} as "toldAt"`

export function createExplanationRepository(tx: ReadTx) {
  return {
    /** Who was told of it, in the order in which they were (DB-239). */
    told({
      tenantId,
      spaceId,
      sequence,
    }: Pick<TransitionRow, 'tenantId' | 'spaceId' | 'sequence'>): Promise<{ channel: string; toldAt: Instant }[]> {
      return tx.rows(
        `select ${TOLD} from transition_notices where tenant_id = $1 and space_id = $2 and sequence = $3 order by told_at, channel`,
        [tenantId, spaceId, sequence],
      )
    },

    /** EUIs of the devices that cards speak of. */
    async euisOf(tenantId: string, deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const rows = await tx.rows<{ id: string; devEui: string }>(
        `select id, dev_eui as "devEui" from devices where tenant_id = $1 and id = any($2::uuid[])`,
        [tenantId, deviceIds],
      )
      return new Map(rows.map(({ id, devEui }) => [id, devEui]))
    },
  }
}
