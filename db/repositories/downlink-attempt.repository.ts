/** One try of a command at the network server: its fingerprint in the queue, its budget, what came of it (DB-254, DOM-604, DOM-620). */
import type { AttemptKey, AttemptRow } from '#domain/display/light-rows'
import type { Instant } from '#domain/shared/instant'
import type { NetworkEvent } from '#domain/shared/outbox'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

const COLUMNS = `
  a.command_id as "commandId", a.attempt_no as "attemptNo", ${epochMs('a.fingerprint_expires_at')} as "fingerprintExpiresAt",
  a.charged_gateway_eui as "chargedGatewayEui", a.charged_ms as "chargedMs", ${epochMs('a.enqueued_at')} as "enqueuedAt",
  a.queue_item_id as "queueItemId", a.repeat_queue_item_id as "repeatQueueItemId", a.outcome`

const FIND = `select ${COLUMNS} from downlink_attempts a where a.tenant_id = $1 and a.command_id = $2 and a.attempt_no = $3`

const GRANT = `
  insert into downlink_attempts (tenant_id, command_id, attempt_no, fingerprint_expires_at, budget_granted_at, charged_gateway_eui, charged_ms)
  values ($1, $2, $3, now(), now(), $4, $5) on conflict (tenant_id, command_id, attempt_no) do nothing`

/** Milliseconds unique among the attempts of the light: the attempt's fingerprint in the queue (DOM-604, LW-052). */
const BEGIN = `
  update downlink_attempts a set enqueued_at = $4, fingerprint_expires_at = greatest($5::timestamptz, (
    select max(o.fingerprint_expires_at) + interval '1 millisecond' from downlink_attempts o
    join downlink_queue q on q.tenant_id = o.tenant_id and q.id = o.command_id
    where o.tenant_id = $1 and q.device_id = $6))
  where a.tenant_id = $1 and a.command_id = $2 and a.attempt_no = $3
  returning ${COLUMNS}`

const UNSENT = `
  update downlink_attempts set enqueued_at = null where tenant_id = $1 and command_id = $2 and attempt_no = $3 and queue_item_id is null`

/** A network server that was made anew may give an id again: the newest owner counts. */
const RELEASED = `
  update downlink_attempts set queue_item_id = null
  where tenant_id = $1 and queue_item_id = $4 and (command_id, attempt_no) <> ($2, $3)`

const ACCEPTED = `
  update downlink_attempts set queue_item_id = coalesce(queue_item_id, $4), enqueued_at = coalesce(enqueued_at, $5)
  where tenant_id = $1 and command_id = $2 and attempt_no = $3`

const REPEATED = `
  update downlink_attempts set repeat_queue_item_id = $4
  where tenant_id = $1 and command_id = $2 and attempt_no = $3 and repeat_queue_item_id is null`

const SETTLED = `
  update downlink_attempts a set outcome = $4, ended_at = $5
  where tenant_id = $1 and command_id = $2 and attempt_no = $3 and outcome is distinct from $4 returning ${COLUMNS}`

/** By the end of their command, attempts that were granted and never handed over; each is told once. */
const UNSENT_ENDED = `
  update downlink_attempts a set outcome = $3, ended_at = $4
  where tenant_id = $1 and command_id = $2 and enqueued_at is null and queue_item_id is null and outcome is null returning ${COLUMNS}`

/** Handed over since then, and neither an answer, nor the queue, nor a refusal says what became of it. */
const IN_DOUBT = `
  select exists (
    select from downlink_attempts a join downlink_queue q on q.tenant_id = a.tenant_id and q.id = a.command_id
    where a.tenant_id = $1 and q.device_id = $2 and q.command not in ('setup', 'request_status') and a.enqueued_at >= $3
      and a.queue_item_id is null and (a.outcome is null or a.outcome not like 'downlink.%')) as "isInDoubt"`

const RECHARGED = `
  update downlink_attempts set charged_gateway_eui = $4, charged_ms = $5 where tenant_id = $1 and command_id = $2 and attempt_no = $3`

/** Members of a `NetworkEvent` from a stored event; what the network said before we knew the item's name (DOM-625). */
const EVENT_COLUMNS = `
  e.event_key as key, e.kind, e.queue_item_id as "queueItemId", (e.body->>'acknowledged')::boolean as acknowledged, e.body->>'code' as code,
  e.body->>'gateway_eui' as "gatewayId", (e.body->>'spreading_factor')::int as "spreadingFactor", ${epochMs('e.at')} as at`

/** As ingest tells them: a log that is no error means nothing to a light. */
const EVENTS_OF = `
  select ${EVENT_COLUMNS} from device_events e
  where e.tenant_id = $1 and e.queue_item_id = $2 and (e.kind in ('txack', 'ack') or (e.kind = 'log' and e.body->>'level' = 'ERROR'))
  order by e.at`

/** A `txack` of this device since then that no attempt owns: the answer that got lost (DOM-620). */
const UNOWNED_TXACK = `
  select ${EVENT_COLUMNS} from device_events e
  where e.tenant_id = $1 and e.device_id = $2 and e.kind = 'txack' and e.at >= $3 and e.queue_item_id is not null
    and not exists (select from downlink_attempts a where a.tenant_id = $1 and (a.queue_item_id = e.queue_item_id or a.repeat_queue_item_id = e.queue_item_id))
  order by e.at limit 1`

type StoredEvent = { readonly [K in keyof NetworkEvent]-?: NetworkEvent[K] | null }

/** Absent members stay absent, as in the event that the network server sent. */
function toNetworkEvent(row: StoredEvent): NetworkEvent {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as NetworkEvent // the four required members are never null in the table
}

export function createDownlinkAttemptRepository(tx: TenantTx) {
  const keyed = ({ commandId, attemptNo }: AttemptKey) => [tx.tenantId, commandId, attemptNo]
  return {
    find: (key: AttemptKey): Promise<AttemptRow | null> => tx.row<AttemptRow>(FIND, keyed(key)),

    /** The row is the proof that tokens were taken; false when it was there. */
    grant: async (key: AttemptKey, charge: { readonly gatewayEui: string | null; readonly ms: number | null }): Promise<boolean> =>
      (await tx.run(GRANT, [...keyed(key), charge.gatewayEui, charge.ms])) > 0,

    /** Written before the call: a repeat after a crash knows that something may be in the queue, and how to find it. */
    begin: (
      key: AttemptKey,
      call: { readonly deviceId: string; readonly at: Instant; readonly expiresAt: Instant },
    ): Promise<AttemptRow | null> => tx.row<AttemptRow>(BEGIN, [...keyed(key), new Date(call.at), new Date(call.expiresAt), call.deviceId]),

    /** Certainly not sent: the next call takes a new fingerprint. */
    markUnsent: (key: AttemptKey): Promise<number> => tx.run(UNSENT, keyed(key)),

    async markAccepted(key: AttemptKey, queueItemId: string, when: Instant): Promise<void> {
      await tx.run(RELEASED, [...keyed(key), queueItemId])
      await tx.run(ACCEPTED, [...keyed(key), queueItemId, new Date(when)])
    },

    markRepeated: (key: AttemptKey, queueItemId: string): Promise<number> => tx.run(REPEATED, [...keyed(key), queueItemId]),

    settle: (key: AttemptKey, outcome: string, when: Instant): Promise<AttemptRow | null> =>
      tx.row<AttemptRow>(SETTLED, [...keyed(key), outcome, new Date(when)]),

    /** The attempts of an ended command that never reached the network server, for their charge. */
    endUnsent: (commandId: string, outcome: string, when: Instant): Promise<AttemptRow[]> =>
      tx.rows<AttemptRow>(UNSENT_ENDED, [tx.tenantId, commandId, outcome, new Date(when)]),

    /** Whether the light may have been sent a look since then of which nobody knows (DOM-620). */
    async isInDoubt(deviceId: string, since: Instant): Promise<boolean> {
      return (await tx.row<{ isInDoubt: boolean }>(IN_DOUBT, [tx.tenantId, deviceId, new Date(since)]))?.isInDoubt ?? true
    },

    recharge: (key: AttemptKey, charge: { readonly gatewayEui: string; readonly ms: number }): Promise<number> =>
      tx.run(RECHARGED, [...keyed(key), charge.gatewayEui, charge.ms]),

    eventsOf: async (queueItemId: string): Promise<NetworkEvent[]> =>
      (await tx.rows<StoredEvent>(EVENTS_OF, [tx.tenantId, queueItemId])).map(toNetworkEvent),

    async unownedTxAck(deviceId: string, since: Instant): Promise<NetworkEvent | null> {
      const row = await tx.row<StoredEvent>(UNOWNED_TXACK, [tx.tenantId, deviceId, new Date(since)])
      return row === null ? null : toNetworkEvent(row)
    },
  }
}
