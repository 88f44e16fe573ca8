/** Transitions of a space for reading: its history, and the one in force at an instant as it was known then (DB-244, DOM-252). */
import type { Instant } from '#domain/shared/instant'
import { epochMs, isoOrNull } from './columns'
import { createFilter, listPage, type Page, type PageRequest, type ReadTx } from './list-query'

/** A card as it was stored with its transition (DOM-245). */
export interface StoredCard {
  readonly kind: string
  readonly rule: string
  readonly used: boolean
  /** Milliseconds or ISO 8601, as the decision wrote it. */
  readonly at: number | string | null
  readonly ref: { readonly type: string; readonly id: string } | null
  readonly evidence: Readonly<Record<string, unknown>>
}

export interface TransitionRow {
  readonly tenantId: string
  readonly spaceId: string
  readonly sequence: number
  readonly previousState: string
  readonly newState: string
  readonly previousReason: string
  readonly stateReason: string
  readonly source: string
  readonly validAt: Instant
  readonly recordedAt: Instant
  readonly because: readonly StoredCard[]
  readonly display: Readonly<Record<string, unknown>>
  readonly reservationId: string | null
  readonly readingId: string | null
  readonly actorType: string | null
  readonly actorId: string | null
  readonly workflowId: string | null
  readonly runId: string | null
}

export interface HistoryRequest {
  readonly spaceId: string
  readonly page: PageRequest
  readonly from: Instant | null
  readonly to: Instant | null
  readonly sources: readonly string[] | undefined
}

const COLUMNS = `
  h.tenant_id as "tenantId", h.space_id as "spaceId", h.sequence, h.previous_state as "previousState", h.new_state as "newState",
  h.previous_reason as "previousReason", h.state_reason as "stateReason", h.source, ${epochMs('h.valid_at')} as "validAt",
  ${epochMs('h.recorded_at')} as "recordedAt", h.because, h.display, h.reservation_id as "reservationId", h.reading_id as "readingId",
  h.actor_type as "actorType", h.actor_id as "actorId", h.workflow_id as "workflowId", h.run_id as "runId"`

export function createTransitionRepository(tx: ReadTx) {
  return {
    list({ spaceId, page, from, to, sources }: HistoryRequest): Promise<Page<TransitionRow>> {
      const filter = createFilter(tx, 'h', page.tenantIds)
      filter.and(`h.space_id = ${filter.bind(spaceId)}`)
      filter.when(isoOrNull(from), (p) => `h.recorded_at >= ${p}::timestamptz`)
      filter.when(isoOrNull(to), (p) => `h.recorded_at < ${p}::timestamptz`)
      filter.when(sources, (p) => `h.source = any(${p}::text[])`)
      return listPage<TransitionRow>(tx, {
        columns: COLUMNS,
        from: 'from state_changes h',
        filter,
        sorts: { recorded_at: { sql: 'h.recorded_at', type: 'timestamptz' } },
        idColumn: 'h.sequence',
        tie: { type: 'numeric', descending: true },
        page,
      })
    },

    /** The last one recorded by then; null when nothing had happened yet. */
    async inForce(spaceId: string, at: Instant | null): Promise<TransitionRow | null> {
      const filter = createFilter(tx, 'h')
      filter.and(`h.space_id = ${filter.bind(spaceId)}`)
      filter.when(isoOrNull(at), (p) => `h.recorded_at <= ${p}::timestamptz`)
      const text = `select ${COLUMNS} from state_changes h where ${filter.text()} order by h.recorded_at desc, h.sequence desc limit 1`
      return (await tx.dynamicRows<TransitionRow>(text, filter.values))[0] ?? null
    },
  }
}
