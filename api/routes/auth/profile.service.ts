/** Who is signed in, in which tenant, and where else they belong (API-204). */
import type { UnitOfWork } from '#db/unit-of-work'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import type { AuthLookups } from './lookups'
import type { SignedIn } from './token-pairs'

export interface ProfileService {
  me(principal: UserPrincipal): Promise<SignedIn>
}

export function createProfileService({ unitOfWork, lookups }: { unitOfWork: UnitOfWork; lookups: AuthLookups }): ProfileService {
  return {
    async me(principal) {
      const memberships = await lookups.memberships(principal.userId)
      const found = await unitOfWork.withTenant(
        principal,
        async ({ users, tenant }) => ({ user: await users.get(principal.userId), tenant: await tenant.get() }),
        {
          readOnly: true,
        },
      )
      if (found.user === null || found.tenant === null) throw new DomainError('auth.invalid_token')
      return { user: found.user, tenant: found.tenant, role: principal.role, memberships }
    },
  }
}
