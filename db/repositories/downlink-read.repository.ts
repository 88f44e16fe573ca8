/** Commands to lights for reading: list, one with its attempts, counters (DB-253, DB-254), and the one write a person may do: cancel. */
import type { Instant } from '#domain/shared/instant'
import { epochMs, isoOrNull } from './columns'
import {
  createFilter,
  listPage,
  searchEui,
  searchIn,
  type Filter,
  type Page,
  type PageRequest,
  type ReadTx,
  type SortColumn,
} from './list-query'

export interface DownlinkRow {
  readonly downlinkId: string
  readonly tenantId: string
  readonly tenantName: string
  readonly deviceId: string
  readonly devEui: string
  readonly spaceId: string | null
  readonly spaceCode: string | null
  readonly origin: string
  readonly command: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly wantedVersion: number | null
  readonly payloadHex: string
  readonly fPort: number
  readonly confirmed: boolean
  readonly priority: number
  readonly status: string
  readonly statusReason: string | null
  readonly waitingFor: string | null
  readonly attempts: number
  readonly nextAttemptAt: Instant | null
  readonly queueItemId: string | null
  readonly fCntDown: number | null
  readonly gatewayEui: string | null
  readonly proof: string | null
  readonly proofReadingId: string | null
  readonly proofAt: Instant | null
  readonly decisionSequence: number | null
  readonly expiresAt: Instant | null
  readonly queuedAt: Instant
  readonly sentAt: Instant | null
  readonly transmittedAt: Instant | null
  readonly confirmedAt: Instant | null
  readonly endedAt: Instant | null
  readonly lastError: string | null
  readonly retryOf: string | null
  readonly createdBy: string | null
  readonly workflowId: string | null
  readonly updatedAt: Instant
}

export interface AttemptRow {
  readonly attemptNo: number
  readonly enqueuedAt: Instant | null
  readonly outcome: string | null
  readonly endedAt: Instant | null
}

export interface DownlinkFilters {
  readonly deviceIds?: readonly string[] | undefined
  readonly spaceIds?: readonly string[] | undefined
  readonly siteIds?: readonly string[] | undefined
  readonly statuses?: readonly string[] | undefined
  readonly commands?: readonly string[] | undefined
  readonly origins?: readonly string[] | undefined
  readonly from: Instant | null
  readonly to: Instant | null
}

const COLUMNS = `
  q.id as "downlinkId", q.tenant_id as "tenantId", t.name as "tenantName", q.device_id as "deviceId", q.dev_eui as "devEui",
  q.space_id as "spaceId", s.code as "spaceCode", q.origin, q.command, q.arguments, q.wanted_version as "wantedVersion",
  encode(q.payload, 'hex') as "payloadHex", q.f_port as "fPort", q.confirmed, q.priority, q.status, q.status_reason as "statusReason",
  q.waiting_for as "waitingFor", q.attempts, ${epochMs('q.next_attempt_at')} as "nextAttemptAt", q.queue_item_id as "queueItemId",
  q.f_cnt_down as "fCntDown", q.gateway_eui as "gatewayEui", q.proof, q.proof_reading_id as "proofReadingId", ${epochMs('q.proof_at')} as "proofAt",
  q.decision_sequence as "decisionSequence", ${epochMs('q.expires_at')} as "expiresAt", ${epochMs('q.queued_at')} as "queuedAt",
  ${epochMs('q.sent_at')} as "sentAt", ${epochMs('q.transmitted_at')} as "transmittedAt", ${epochMs('q.confirmed_at')} as "confirmedAt",
  ${epochMs('q.ended_at')} as "endedAt", q.last_error as "lastError", q.retry_of as "retryOf", q.created_by as "createdBy",
  q.workflow_id as "workflowId", ${epochMs('q.updated_at')} as "updatedAt"`

const FROM = `
  from downlink_queue q
  join tenants t on t.id = q.tenant_id
  left join spaces s on s.tenant_id = q.tenant_id and s.id = q.space_id`

const SORTS: Readonly<Record<string, SortColumn>> = {
  created_at: { sql: 'q.queued_at', type: 'timestamptz' },
  priority: { sql: 'q.priority', type: 'numeric' },
  status: { sql: 'q.status', type: 'text' },
}

const ATTEMPTS = `
  select attempt_no as "attemptNo", ${epochMs('enqueued_at')} as "enqueuedAt", outcome, ${epochMs('ended_at')} as "endedAt"
  from downlink_attempts where tenant_id = $1 and command_id = $2 order by attempt_no`

/** The command that a decision asked for; a decision that changed no look asked for none, so the one before it still speaks. */
const FOR_DECISION = `
  where q.tenant_id = $1 and q.space_id = $2 and q.decision_sequence <= $3
  order by q.decision_sequence desc, q.queued_at desc limit 1`

function applyFilters(filter: Filter, filters: DownlinkFilters, search: string | null): void {
  const among = (values: readonly string[] | undefined, column: string, type = 'text') =>
    filter.when(values, (p) => `${column} = any(${p}::${type}[])`)
  among(filters.deviceIds, 'q.device_id', 'uuid')
  among(filters.spaceIds, 'q.space_id', 'uuid')
  among(filters.siteIds, 's.site_id', 'uuid')
  among(filters.statuses, 'q.status')
  among(filters.commands, 'q.command')
  among(filters.origins, 'q.origin')
  filter.when(isoOrNull(filters.from), (p) => `q.queued_at >= ${p}::timestamptz`)
  filter.when(isoOrNull(filters.to), (p) => `q.queued_at < ${p}::timestamptz`)
  filter.when(search, (p) => `(${searchEui('q.dev_eui', p)} or ${searchIn(`coalesce(s.code, '')`, p)})`)
}

export function createDownlinkReadRepository(tx: ReadTx) {
  return {
    list({ page, filters }: { page: PageRequest; filters: DownlinkFilters }): Promise<Page<DownlinkRow>> {
      const filter = createFilter(tx, 'q', page.tenantIds)
      applyFilters(filter, filters, page.search)
      return listPage<DownlinkRow>(tx, { columns: COLUMNS, from: FROM, filter, sorts: SORTS, idColumn: 'q.id', page })
    },

    async get(downlinkId: string): Promise<DownlinkRow | null> {
      const filter = createFilter(tx, 'q')
      filter.and(`q.id = ${filter.bind(downlinkId)}`)
      return (await tx.dynamicRows<DownlinkRow>(`select ${COLUMNS} ${FROM} where ${filter.text()}`, filter.values))[0] ?? null
    },

    attempts: (tenantId: string, downlinkId: string): Promise<AttemptRow[]> => tx.rows<AttemptRow>(ATTEMPTS, [tenantId, downlinkId]),

    forDecision: (tenantId: string, spaceId: string, sequence: number): Promise<DownlinkRow | null> =>
      tx.row<DownlinkRow>(`select ${COLUMNS} ${FROM} ${FOR_DECISION}`, [tenantId, spaceId, sequence]),
  }
}
