/** The append-only record of who changed what (DB-288, D-16); written in the transaction of the change itself. */
import type { Origin } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

export interface AuditEntry {
  /** `resource.verb`. */
  readonly action: string
  readonly resourceType: string
  readonly resourceId: string | null
  /** Changed members only; secrets and contact data already redacted. */
  readonly oldValues?: Readonly<Record<string, unknown>> | null
  readonly newValues?: Readonly<Record<string, unknown>> | null
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly success?: boolean
}

export interface LastChange {
  readonly actorName: string | null
  readonly at: Instant
}

const WRITE = `
  insert into audit_log (tenant_id, actor_type, actor_id, actor_name, action, resource_type, resource_id, old_values, new_values, metadata,
    ip_address, user_agent, request_id, workflow_id, run_id, switch_id, success)
  values ($1, $2, $3, coalesce($4, (select name from users where id = $3)), $5, $6, $7, $8::jsonb, $9::jsonb, $10::jsonb,
    $11::inet, $12, $13, $14, $15, $16, $17)`

const LAST_CHANGE = `
  select actor_name as "actorName", ${epochMs('created_at')} as at from audit_log
  where tenant_id = $1 and resource_type = $2 and resource_id = $3 order by created_at desc limit 1`

const json = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value))

export function createAuditRepository(tx: TenantTx) {
  return {
    write: (entry: AuditEntry, origin: Origin): Promise<number> =>
      tx.run(WRITE, [
        tx.tenantId,
        origin.actor.type,
        origin.actor.id,
        origin.actor.name ?? null,
        entry.action,
        entry.resourceType,
        entry.resourceId,
        json(entry.oldValues),
        json(entry.newValues),
        json(entry.metadata ?? {}),
        origin.ipAddress ?? null,
        origin.userAgent ?? null,
        origin.requestId,
        origin.workflowId ?? null,
        origin.runId ?? null,
        origin.switchId ?? null,
        entry.success ?? true,
      ]),

    /** Who changed it last, for answers to a stale edit (API-046). */
    lastChange: (resourceType: string, resourceId: string): Promise<LastChange | null> =>
      tx.row<LastChange>(LAST_CHANGE, [tx.tenantId, resourceType, resourceId]),
  }
}
