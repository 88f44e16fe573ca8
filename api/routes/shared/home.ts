/** A platform admin reads every tenant's rows and writes its own: another tenant's row asks for a switch first (API § 3, API-959). */
import { createAbility } from '#domain/authorization/abilities'
import { assertAllowed } from '#domain/authorization/assert-allowed'
import type { UserPrincipal } from '#domain/authorization/principal'
import type { Permission } from '#domain/authorization/vocabulary'
import { found, type ReadRepositories, type Reads } from './reads'

export interface Target {
  readonly permission: Permission
  /** What a missing one is called. */
  readonly what: string
  readonly find: (repositories: ReadRepositories) => Promise<{ readonly tenantId: string } | null>
}

/** Asks about the object before it is touched; a tenant's own people are answered by row security alone. */
export async function assertWritable(reads: Reads, principal: UserPrincipal, { permission, what, find }: Target): Promise<void> {
  if (principal.scope !== 'platform') return
  const row = found(await reads.read(principal, find), what)
  assertAllowed({ principal, ability: createAbility(principal) }, permission, { tenant_id: row.tenantId })
}
