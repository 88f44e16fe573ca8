/** Messages that could not be taken in, for people: list, one, put away (DB-242, API-540, API-542). Replaying is ingest's own work. */
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs, isoOrNull } from './columns'
import { createFilter, listPage, type Page, type PageRequest, type ReadTx, type SortColumn } from './list-query'

export interface DeadLetterRow {
  readonly deadLetterId: string
  readonly tenantId: string
  readonly tenantName: string
  readonly source: string
  readonly topic: string | null
  readonly devEui: string | null
  readonly reason: string
  readonly detail: string | null
  readonly receivedAt: Instant
  readonly attempts: number
  readonly status: 'open' | 'replayed' | 'discarded'
  readonly resolvedAt: Instant | null
  readonly resolveReason: string | null
}

export interface DeadLetterDetail extends DeadLetterRow {
  readonly raw: Buffer
  readonly rawBytes: number
}

export interface DeadLetterFilters {
  readonly reasons?: readonly string[] | undefined
  readonly devEui?: string | undefined
  readonly statuses?: readonly string[] | undefined
  readonly from: Instant | null
  readonly to: Instant | null
}

/** Of a larger message the beginning is shown (API-540). */
const SHOWN_BYTES = 65_536

const COLUMNS = `
  l.id as "deadLetterId", l.tenant_id as "tenantId", t.name as "tenantName", l.source, l.topic, l.dev_eui as "devEui", l.reason, l.detail,
  ${epochMs('l.received_at')} as "receivedAt", l.attempts, l.status, ${epochMs('l.resolved_at')} as "resolvedAt", l.resolve_reason as "resolveReason"`

const FROM = `from ingest_dead_letters l join tenants t on t.id = l.tenant_id`

const SORTS: Readonly<Record<string, SortColumn>> = {
  received_at: { sql: 'l.received_at', type: 'timestamptz' },
  created_at: { sql: 'l.received_at', type: 'timestamptz' },
}

const DISCARD = `
  update ingest_dead_letters set status = 'discarded', resolved_at = clock_timestamp(), resolved_by = $3, resolve_reason = $4
  where tenant_id = $1 and id = $2 and status = 'open'`

export function createDeadLetterReadRepository(tx: ReadTx) {
  return {
    list({ page, filters }: { page: PageRequest; filters: DeadLetterFilters }): Promise<Page<DeadLetterRow>> {
      const filter = createFilter(tx, 'l', page.tenantIds)
      filter.when(filters.reasons, (p) => `l.reason = any(${p}::text[])`)
      filter.when(filters.devEui, (p) => `l.dev_eui = ${p}`)
      filter.when(filters.statuses, (p) => `l.status = any(${p}::text[])`)
      filter.when(isoOrNull(filters.from), (p) => `l.received_at >= ${p}::timestamptz`)
      filter.when(isoOrNull(filters.to), (p) => `l.received_at < ${p}::timestamptz`)
      filter.when(
        page.search,
        (p) => `position(lower(${p}) in lower(coalesce(l.topic, '') || ' ' || l.reason || ' ' || coalesce(l.dev_eui, ''))) > 0`,
      )
      return listPage<DeadLetterRow>(tx, {
        columns: COLUMNS,
        from: FROM,
        filter,
        sorts: SORTS,
        idColumn: 'l.id',
        tie: { type: 'uuid', descending: true },
        page,
      })
    },

    async get(deadLetterId: string): Promise<DeadLetterDetail | null> {
      const filter = createFilter(tx, 'l')
      filter.and(`l.id = ${filter.bind(deadLetterId)}`)
      const text = `select ${COLUMNS}, substring(l.raw from 1 for ${SHOWN_BYTES}) as raw, octet_length(l.raw) as "rawBytes" ${FROM} where ${filter.text()}`
      return (await tx.dynamicRows<DeadLetterDetail>(text, filter.values))[0] ?? null
    },
  }
}

export function createDeadLetterDiscardRepository(tx: TenantTx) {
  return {
    /** False when it is not open. */
    discard: async (deadLetterId: string, reason: string): Promise<boolean> =>
      (await tx.run(DISCARD, [tx.tenantId, deadLetterId, tx.userId, reason])) > 0,
  }
}
