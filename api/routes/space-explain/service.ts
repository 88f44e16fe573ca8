/** Reads why a space is as it is, its history and its timeline (API-335 to API-337). Everything shown was stored when it happened. */
import type { UserPrincipal } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'
import { devicesIn } from './cards'

export interface RangeRequest {
  readonly spaceId: string
  readonly page: PageRequest
  readonly from: Instant | null
  readonly to: Instant | null
}

/** Without a range a timeline looks back this far; the large tables behind it are kept by month. */
const TIMELINE_MS = 31 * 86_400_000

export function createExplainService({ reads }: { reads: Reads }) {
  return {
    space: (principal: UserPrincipal, spaceId: string) =>
      reads.read(principal, async ({ spaces }) => found(await spaces.get(spaceId), 'space')),

    why: (principal: UserPrincipal, spaceId: string, at: Instant | null) =>
      reads.read(principal, async (repositories) => {
        const { spaces, transitions, explanations } = repositories
        const space = found(await spaces.get(spaceId), 'space')
        const transition = await transitions.inForce(spaceId, at)
        const euis = transition === null ? new Map<string, string>() : await explanations.euisOf(space.tenantId, devicesIn([transition]))
        const told = transition === null ? [] : await explanations.told(transition)
        const command = await commandOf(repositories, space.tenantId, { spaceId, sequence: transition?.sequence ?? 0 })
        return { space, transition, euis, told, ...command, isNewest: transition === null || transition.sequence === space.sequence }
      }),

    history: (principal: UserPrincipal, request: RangeRequest & { readonly sources: readonly string[] | undefined }) =>
      reads.read(principal, async ({ spaces, transitions, explanations }) => {
        const space = found(await spaces.get(request.spaceId), 'space')
        const page = await transitions.list(request)
        return { page, euis: await explanations.euisOf(space.tenantId, devicesIn(page.rows)) }
      }),

    timeline: (principal: UserPrincipal, request: RangeRequest & { readonly types: readonly string[] | undefined }) =>
      reads.read(principal, async ({ spaces, timeline }) => {
        found(await spaces.get(request.spaceId), 'space')
        const from = request.from ?? (request.to ?? (await spaces.now())) - TIMELINE_MS
        return timeline.list({ ...request, from })
      }),
  }
}

export type ExplainService = ReturnType<typeof createExplainService>

async function commandOf(
  { downlinkReads }: ReadRepositories,
  tenantId: string,
  { spaceId, sequence }: { spaceId: string; sequence: number },
) {
  const downlink = await downlinkReads.forDecision(tenantId, spaceId, sequence)
  const attempts = downlink === null ? [] : await downlinkReads.attempts(tenantId, downlink.downlinkId)
  return { downlink, attempts }
}
