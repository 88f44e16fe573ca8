/** Replica ordinals of listeners by lease, so that broker sessions keep their names (OPS-060, Q-TRP-44). */
import type { Tx } from '../tx'

const LEASE = `interval '30 seconds'`
const MOST_REPLICAS = 100

/** The lowest ordinal that is free, expired, or left behind by one of `$2`, former lives of this replica. */
const TAKE = `
  insert into listener_leases as l (ordinal, holder, expires_at)
  select free.ordinal, $1, clock_timestamp() + ${LEASE}
  from generate_series(0, ${MOST_REPLICAS - 1}) as free (ordinal)
  where not exists (select 1 from listener_leases held
    where held.ordinal = free.ordinal and held.expires_at > clock_timestamp() and held.holder <> all ($2::text[]))
  order by free.ordinal limit 1
  on conflict (ordinal) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where l.expires_at <= clock_timestamp() or l.holder = any ($2::text[])
  returning ordinal`

const RENEW = `update listener_leases set expires_at = clock_timestamp() + ${LEASE} where ordinal = $1 and holder = $2`
const RELEASE = `update listener_leases set expires_at = clock_timestamp() where ordinal = $1 and holder = $2`
const HOLDERS = `select holder from listener_leases where expires_at > clock_timestamp()`

export function createListenerLeaseRepository(tx: Tx) {
  return {
    /** Null when another replica took the same ordinal at the same moment: ask again. */
    take: async (holder: string, formerHolders: readonly string[]): Promise<number | null> =>
      (await tx.row<{ ordinal: number }>(TAKE, [holder, [holder, ...formerHolders]]))?.ordinal ?? null,

    /** False when the lease has gone to somebody else. */
    renew: async (ordinal: number, holder: string): Promise<boolean> => (await tx.run(RENEW, [ordinal, holder])) > 0,

    release: (ordinal: number, holder: string): Promise<number> => tx.run(RELEASE, [ordinal, holder]),

    holders: async (): Promise<string[]> => (await tx.rows<{ holder: string }>(HOLDERS)).map(({ holder }) => holder),
  }
}
