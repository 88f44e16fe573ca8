/** What the relay has to settle: targets of rows that nobody settled in time, across tenants, ids only (DB-150). */
import type { Tx } from '../tx'

export interface PendingOutbox {
  readonly tenantId: string
  readonly target: string
}

const LIST = `select tenant_id as "tenantId", target from job_pending_outbox($1)`

export function createPendingOutboxRepository(tx: Tx) {
  return {
    list: (limit: number): Promise<PendingOutbox[]> => tx.rows<PendingOutbox>(LIST, [limit]),
  }
}
