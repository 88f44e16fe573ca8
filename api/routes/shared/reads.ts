/** Opens the rows that a reader may see: its tenant's, or every tenant's for a platform admin at home (D-12, API-028). */
import type { UnitOfWork } from '#db/unit-of-work'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import type { PlatformRepositories, Repositories } from './repositories'

/** Repositories that both doors hand out. */
export type ReadRepositories = Pick<Repositories, keyof PlatformRepositories & keyof Repositories>

export interface Reads {
  read<T>(principal: UserPrincipal, work: (repositories: ReadRepositories) => Promise<T>): Promise<T>
}

export function createReads(unitOfWork: UnitOfWork): Reads {
  return {
    read(principal, work) {
      const options = { readOnly: true }
      return principal.scope === 'platform'
        ? unitOfWork.withPlatform(principal, work, options)
        : unitOfWork.withTenant(principal, work, options)
    },
  }
}

/** The row, or 404: the same answer for another tenant's id as for one that does not exist (API-019). */
export function found<T>(row: T | null | undefined, what: string): T {
  if (row === null || row === undefined) throw new DomainError('resource.not_found', { detail: `No such ${what}.` })
  return row
}
