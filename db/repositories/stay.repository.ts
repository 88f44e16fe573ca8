/** Stays of vehicles as the projection opens and closes them (DB-243, DOM-260). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { isoOrNull } from './columns'

export interface StayOpening {
  readonly spaceId: string
  readonly siteId: string
  readonly deviceId: string | null
  readonly reservationId: string | null
  readonly startedAt: Instant
  readonly source: 'sensor' | 'manual'
}

export interface StayClosing {
  readonly sessionId: string
  readonly endedAt: Instant
  readonly endUncertainSince: Instant | null
  readonly confidence: 'certain' | 'uncertain'
  readonly endReason: string | null
}

const OPEN = `
  insert into parking_sessions (tenant_id, space_id, site_id, device_id, reservation_id, started_at, source)
  values ($1, $2, $3, $4, $5, $6, $7) returning id as "sessionId"`

const CLOSE = `
  update parking_sessions set ended_at = $3, end_uncertain_since = $4, confidence = $5, end_reason = $6
  where tenant_id = $1 and id = $2 and ended_at is null`

const LINK = `update parking_sessions set reservation_id = $3 where tenant_id = $1 and id = $2 and reservation_id is null`

export function createStayRepository(tx: TenantTx) {
  return {
    /** At most one open stay per space: the unique index refuses a second (DOM-263). */
    async open(s: StayOpening): Promise<string> {
      const row = await tx.row<{ sessionId: string }>(OPEN, [
        tx.tenantId,
        s.spaceId,
        s.siteId,
        s.deviceId,
        s.reservationId,
        toIso(s.startedAt),
        s.source,
      ])
      if (row === null) throw new Error('an insert returns its row')
      return row.sessionId
    },

    close: (s: StayClosing): Promise<number> =>
      tx.run(CLOSE, [tx.tenantId, s.sessionId, toIso(s.endedAt), isoOrNull(s.endUncertainSince), s.confidence, s.endReason]),

    link: (sessionId: string, reservationId: string): Promise<number> => tx.run(LINK, [tx.tenantId, sessionId, reservationId]),
  }
}
