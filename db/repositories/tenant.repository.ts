/** The tenant of this transaction (DB-201). */
import type { TenantTx } from '../tx'

export interface TenantRow {
  readonly tenantId: string
  readonly name: string
  readonly slug: string
  readonly type: 'platform' | 'customer' | 'trial'
  readonly tier: 'basic' | 'professional' | 'enterprise'
  readonly limits: Readonly<Record<string, unknown>>
  readonly settings: Readonly<Record<string, unknown>>
}

const GET = `select id as "tenantId", name, slug, type, subscription_tier as tier, limits, settings from tenants where id = $1`

export function createTenantRepository(tx: TenantTx) {
  return {
    get: (): Promise<TenantRow | null> => tx.row<TenantRow>(GET, [tx.tenantId]),
  }
}
