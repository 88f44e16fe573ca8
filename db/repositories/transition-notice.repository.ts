/** Who was told of a transition (DB-239): `feed` means published to the sockets, not received. */
import type { TenantTx } from '../tx'

export interface TransitionNotice {
  readonly spaceId: string
  readonly sequence: number
}

const TELL = `
  insert into transition_notices (tenant_id, space_id, sequence, channel, told_at)
  select $1, n.space_id, n.sequence, 'feed', clock_timestamp() from unnest($2::uuid[], $3::bigint[]) as n (space_id, sequence)
  on conflict do nothing`

export function createTransitionNoticeRepository(tx: TenantTx) {
  return {
    tellFeed: (notices: readonly TransitionNotice[]): Promise<number> =>
      tx.run(TELL, [tx.tenantId, notices.map(({ spaceId }) => spaceId), notices.map(({ sequence }) => sequence)]),
  }
}
