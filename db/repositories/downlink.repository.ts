/** Commands to lights and their attempts; every change of state is a compare-and-set (DB-253, DB-254, DOM-610…619). */
import { ENTERED_FROM, type CommandStatus } from '#domain/display/light-records'
import type { CommandRow, NewCommand } from '#domain/display/light-rows'
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

export interface CommandChange {
  readonly commandId: string
  readonly attemptNo: number
  readonly to: CommandStatus
  readonly reason: string | null
  readonly nextAt: Instant | null
  readonly proof: string | null
  readonly gatewayEui: string | null
  readonly at: Instant
}

const COLUMNS = `
  q.id as "commandId", q.device_id as "deviceId", q.dev_eui as "devEui", q.space_id as "spaceId", q.command, q.origin, q.arguments,
  q.wanted_version as "wantedVersion", encode(q.payload, 'hex') as payload, q.f_port as "fPort", q.confirmed, q.priority, q.status,
  q.waiting_for as "waitingFor", q.attempts, ${epochMs('q.next_attempt_at')} as "nextAttemptAt", ${epochMs('q.queued_at')} as "queuedAt", q.queue_item_id as "queueItemId",
  ${epochMs('q.sent_at')} as "sentAt", ${epochMs('q.transmitted_at')} as "transmittedAt", ${epochMs('q.ended_at')} as "endedAt",
  ${epochMs('q.expires_at')} as "expiresAt", q.proof, ${epochMs('q.updated_at')} as "updatedAt"`

const FIND = `select ${COLUMNS} from downlink_queue q where q.tenant_id = $1 and q.id = $2`

const LOCK = `select 1 from downlink_queue where tenant_id = $1 and id = $2 for no key update`

const OPEN_OF_DEVICE = `
  select ${COLUMNS} from downlink_queue q where q.tenant_id = $1 and q.device_id = $2 and q.status in ('queued', 'sent')
  order by q.queued_at desc limit 1`

/** The newest colour that may be on the lamp, whatever became of it. */
const LAST_SENT = `
  select ${COLUMNS} from downlink_queue q
  where q.tenant_id = $1 and q.device_id = $2 and q.command in ('display', 'set_display', 'identify', 'raw') and q.sent_at is not null
  order by q.sent_at desc limit 1`

const INSERT = `
  insert into downlink_queue (tenant_id, id, device_id, dev_eui, space_id, origin, command, arguments, wanted_version, decision_sequence,
    payload, f_port, confirmed, priority, next_attempt_at, waiting_for, created_by_type, workflow_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, decode($11, 'hex'), $12, $13, $14, $15,
    case when $15::timestamptz > now() then 'dwell' end, 'workflow', $16)
  on conflict (tenant_id, id) do nothing`

const CHANGE = `
  update downlink_queue q set
    status = $4, status_reason = $5, attempts = greatest(attempts, $3), next_attempt_at = $6, waiting_for = null,
    proof = coalesce($7, proof), gateway_eui = coalesce($8, gateway_eui),
    queue_item_id = case when $4 = 'queued' then null else queue_item_id end,
    transmitted_at = case when $4 = 'transmitted' then coalesce(transmitted_at, $9) else transmitted_at end,
    confirmed_at = case when $4 = 'confirmed' then coalesce(confirmed_at, $9) else confirmed_at end,
    ended_at = case when $4 in ('queued', 'transmitted') then null else coalesce(ended_at, $9) end,
    last_error = case when $4 in ('queued', 'failed', 'expired') then coalesce($5, last_error) else last_error end
  where tenant_id = $1 and id = $2 and status = any($10) and attempts <= greatest($3, 0)
  returning ${COLUMNS}`

const NOTE = `
  update downlink_queue q set waiting_for = $3, next_attempt_at = coalesce($4, next_attempt_at), last_error = $5
  where tenant_id = $1 and id = $2 and status in ('queued', 'sent', 'transmitted') returning ${COLUMNS}`

const SENT = `
  update downlink_queue q set status = 'sent', attempts = $3, queue_item_id = $4, expires_at = $5, sent_at = $6, waiting_for = null,
    next_attempt_at = null, status_reason = null, ended_at = null
  where tenant_id = $1 and id = $2 and status = 'queued' returning ${COLUMNS}`

const PROVED = `
  update downlink_queue q set status = 'confirmed', proof = 'reported', proof_reading_id = $3, proof_at = $4,
    confirmed_at = coalesce(confirmed_at, $4), ended_at = coalesce(ended_at, $4), waiting_for = null
  where tenant_id = $1 and id = $2 and status in ('sent', 'transmitted', 'confirmed') and proof_reading_id is null returning ${COLUMNS}`

/** Dead letters of this light since anything last reached it: how far the reconcile pass has backed off (DOM-642). */
const FAILURES_IN_A_ROW = `
  select count(*)::int as count from downlink_queue q
  where q.tenant_id = $1 and q.device_id = $2 and q.status = 'failed' and q.ended_at > coalesce((
    select max(r.transmitted_at) from downlink_queue r where r.tenant_id = $1 and r.device_id = $2 and r.transmitted_at is not null), '-infinity')`

const at = (instant: Instant | null) => (instant === null ? null : new Date(instant))

export const createDownlinkRepository = (tx: TenantTx) => ({ ...createReads(tx), ...createInsert(tx), ...createChanges(tx) })

function createReads(tx: TenantTx) {
  return {
    /** Holds the command until the transaction ends: what is read after it is what its last holder left. */
    lock: (commandId: string): Promise<number> => tx.run(LOCK, [tx.tenantId, commandId]),
    find: (commandId: string): Promise<CommandRow | null> => tx.row<CommandRow>(FIND, [tx.tenantId, commandId]),
    openOf: (deviceId: string): Promise<CommandRow | null> => tx.row<CommandRow>(OPEN_OF_DEVICE, [tx.tenantId, deviceId]),
    lastSentOf: (deviceId: string): Promise<CommandRow | null> => tx.row<CommandRow>(LAST_SENT, [tx.tenantId, deviceId]),

    async failuresInARow(deviceId: string): Promise<number> {
      return (await tx.row<{ count: number }>(FAILURES_IN_A_ROW, [tx.tenantId, deviceId]))?.count ?? 0
    },
  }
}

function createInsert(tx: TenantTx) {
  return {
    /** False when the row is there already: the activity ran before. */
    async insert(command: NewCommand): Promise<boolean> {
      const values = [
        tx.tenantId,
        command.commandId,
        command.deviceId,
        command.devEui,
        command.spaceId,
        command.origin,
        command.command,
        JSON.stringify(command.arguments),
        command.wantedVersion,
        command.decisionSequence,
        command.payload,
        command.fPort,
        command.confirmed,
        command.priority,
        at(command.notBefore),
        command.workflowId,
      ]
      return (await tx.run(INSERT, values)) > 0
    },
  }
}

function createChanges(tx: TenantTx) {
  return {
    /** Null when the command has left the states from which `to` may be entered: somebody was first, nothing changes. */
    change: (change: CommandChange): Promise<CommandRow | null> =>
      tx.row<CommandRow>(CHANGE, [
        tx.tenantId,
        change.commandId,
        change.attemptNo,
        change.to,
        change.reason,
        at(change.nextAt),
        change.proof,
        change.gatewayEui,
        at(change.at),
        ENTERED_FROM[change.to],
      ]),

    note: (
      commandId: string,
      wait: { readonly waitingFor: string | null; readonly nextAt: Instant | null; readonly code: string | null },
    ) => tx.row<CommandRow>(NOTE, [tx.tenantId, commandId, wait.waitingFor, at(wait.nextAt), wait.code]),

    /** Queue item id and state in one transaction (LW-053). */
    markSent: (sent: {
      readonly commandId: string
      readonly attemptNo: number
      readonly queueItemId: string
      readonly expiresAt: Instant
      readonly at: Instant
    }): Promise<CommandRow | null> =>
      tx.row<CommandRow>(SENT, [tx.tenantId, sent.commandId, sent.attemptNo, sent.queueItemId, at(sent.expiresAt), at(sent.at)]),

    /** A report may confirm straight from `sent`, and raise `transmitted` at any later time (DOM-616, DOM-632). */
    markProved: (commandId: string, readingId: string, when: Instant): Promise<CommandRow | null> =>
      tx.row<CommandRow>(PROVED, [tx.tenantId, commandId, readingId, at(when)]),
  }
}
