/** Reads spaces: list, one, counters, the whole grid now or as known then (API-320, 321, 327, 338). */
import { issueAt } from '#contract/issues'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import type { Instant } from '#domain/shared/instant'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'
import type { SpaceFilters } from './filters'

export interface GridRequest {
  readonly siteId: string | undefined
  /** As known then, at this instant; null = now. */
  readonly at: Instant | null
  /** Only what changed since; null = all. */
  readonly changedSince: Instant | null
}

export interface CountRequest {
  readonly filters: SpaceFilters
  readonly search: string | null
  readonly tenantIds: readonly string[] | null
  /** Must exist for the caller (API-327). */
  readonly siteId: string | undefined
}

const MAX_GRID_ROWS = 20_000

export function createSpaceService({ reads }: { reads: Reads }) {
  return {
    list: (principal: UserPrincipal, page: PageRequest, filters: SpaceFilters) =>
      reads.read(principal, async ({ spaces }) => ({ page: await spaces.list({ page, filters }), now: await spaces.now() })),

    get: (principal: UserPrincipal, spaceId: string) =>
      reads.read(principal, async ({ spaces }) => ({ space: found(await spaces.get(spaceId), 'space'), now: await spaces.now() })),

    counts: (principal: UserPrincipal, { siteId, ...request }: CountRequest) =>
      reads.read(principal, async (repositories) => {
        await assertSite(repositories, siteId)
        return { counts: await repositories.spaces.counts(request), now: await repositories.spaces.now() }
      }),

    /** `asOf` is where the next `changed_since` goes on. */
    grid: (principal: UserPrincipal, { siteId, at, changedSince }: GridRequest) =>
      reads.read(principal, async (repositories) => {
        await assertSite(repositories, siteId)
        const asOf = await repositories.spaces.now()
        const scope = { siteId, limit: MAX_GRID_ROWS + 1 }
        const rows =
          at === null
            ? await repositories.spaceGrid.now({ ...scope, changedSince: changedSince ?? undefined })
            : await repositories.spaceGrid.then({ ...scope, at })
        if (rows.length > MAX_GRID_ROWS)
          throw new DomainError('validation.failed', { issues: [issueAt('query', '/site_id', 'too_many_rows')] })
        return { rows, asOf }
      }),

    timezoneOf: (principal: UserPrincipal, siteId: string | undefined) =>
      reads.read(principal, async ({ sites }) => (siteId === undefined ? 'UTC' : found(await sites.get(siteId), 'site').timezone)),
  }
}

export type SpaceService = ReturnType<typeof createSpaceService>

async function assertSite({ sites }: ReadRepositories, siteId: string | undefined): Promise<void> {
  if (siteId !== undefined) found(await sites.get(siteId), 'site')
}
