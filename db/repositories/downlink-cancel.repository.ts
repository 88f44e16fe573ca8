/** Takes a wanted look off the table, so that nothing is sent before the next one (API-514, DOM-642). */
import type { TenantTx } from '../tx'

const DISMISS = `
  update display_state_cache c set dismissed_version = $3, updated_at = now()
  from (select dismissed_version as former from display_state_cache where tenant_id = $1 and device_id = $2 for no key update) before
  where c.tenant_id = $1 and c.device_id = $2 and coalesce(c.dismissed_version, 0) < $3
  returning before.former`

const RESTORE = `
  update display_state_cache set dismissed_version = $3, updated_at = now() where tenant_id = $1 and device_id = $2 and dismissed_version = $4`

export function createDownlinkCancelRepository(tx: TenantTx) {
  return {
    /** What was dismissed before; undefined when this version was dismissed already. */
    async dismiss(deviceId: string, version: number): Promise<number | null | undefined> {
      const row = await tx.row<{ former: number | null }>(DISMISS, [tx.tenantId, deviceId, version])
      return row === null ? undefined : row.former
    },

    /** Takes `dismiss` back, unless a newer one came since. */
    restore: (deviceId: string, { former, version }: { former: number | null; version: number }): Promise<number> =>
      tx.run(RESTORE, [tx.tenantId, deviceId, former, version]),
  }
}
