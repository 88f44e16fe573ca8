/** Small shapes that several presenters share. */
import { toIso, type Instant } from '#domain/shared/instant'
import type { UserPrincipal } from '#domain/authorization/principal'

export const isoOrNull = (instant: Instant | null | undefined): string | null =>
  instant === null || instant === undefined ? null : toIso(instant)

/** Rows name their tenant; in platform scope by name too (API-028). */
export function presentTenant(
  { tenantId, tenantName }: { readonly tenantId: string; readonly tenantName: string },
  { scope }: UserPrincipal,
) {
  return scope === 'platform' ? { tenant_id: tenantId, tenant_name: tenantName } : { tenant_id: tenantId }
}

/** Occupied ÷ total × 100, two decimals, 0 when there are none (API-302). */
export const percent = (part: number, total: number): number => (total === 0 ? 0 : Math.round((part / total) * 10_000) / 100)
