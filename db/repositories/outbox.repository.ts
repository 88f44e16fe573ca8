/** The outbox: one row per (tenant, target) of what must follow a commit; every upsert raises its version, and no version comes twice (DB-273, DOM-914). */
import type { FeedEvent, OutboxMessage, OutboxRow } from '#domain/shared/outbox'
import type { TenantTx } from '../tx'

export interface OutboxEntry {
  /** The workflow id that the message signals. */
  readonly target: string
  readonly message: OutboxMessage | null
  readonly events: readonly FeedEvent[]
}

export const OUTBOX_COLUMNS = `tenant_id as "tenantId", target, version, coalesce(facts, '[]') as facts, message, coalesce(events, '[]') as events`

/** Bounds of what waits while Redis or Temporal is away: sockets resync, a light's newest reports say it all. */
const KEEP_EVENTS = `'$[last-99 to last]'`
const KEEP_REPORTS = `'$[last-9 to last]'`

const joined = (member: string, keep: string) =>
  `jsonb_path_query_array((outbox.message->'${member}') || (excluded.message->'${member}'), ${keep})`

/** What a workflow knows by the sequence alone gives way; every other cause must be looked at, and the newest of those counts. */
const weightOf = (message: string) => `coalesce(array_position(array['sensor', 'timer'], ${message}->>'cause'), 3)`

/** A light's messages add up; a bay's newer one replaces the older, but keeps the weightier cause. */
export const MERGE_OUTBOX = `
  message = case
    when excluded.message is null then outbox.message
    when outbox.message is null then excluded.message
    when outbox.message->>'kind' = 'display' then outbox.message
      || jsonb_build_object('networkEvents', ${joined('networkEvents', KEEP_EVENTS)}, 'reports', ${joined('reports', KEEP_REPORTS)})
    when ${weightOf('excluded.message')} < ${weightOf('outbox.message')} then jsonb_set(excluded.message, '{cause}', outbox.message->'cause')
    else excluded.message end,
  events = jsonb_path_query_array(coalesce(outbox.events, '[]') || coalesce(excluded.events, '[]'), ${KEEP_EVENTS}),
  version = outbox.version + 1`

const PUT = `
  insert into outbox (tenant_id, target, message, events) values ($1, $2, $3::jsonb, $4::jsonb)
  on conflict (tenant_id, target) do update set ${MERGE_OUTBOX}
  returning ${OUTBOX_COLUMNS}`

/** As PUT, and the facts that were read are taken; facts that came since stay. */
const TAKE_AND_PUT = `
  insert into outbox (tenant_id, target, message, events) values ($1, $2, $3::jsonb, $4::jsonb)
  on conflict (tenant_id, target) do update set
    facts = case when outbox.version = $5 then null else outbox.facts end, ${MERGE_OUTBOX}
  returning ${OUTBOX_COLUMNS}`

const TAKE = `
  update outbox set facts = null, version = version + 1 where tenant_id = $1 and target = $2 and version = $3
  returning ${OUTBOX_COLUMNS}`

const DELETE_SEEN = `delete from outbox where tenant_id = $1 and target = $2 and version = $3`

const NOTE_FAILURE = `
  update outbox set attempts = attempts + 1, last_error = left($4, 500), message = case when $5::boolean then null else message end
  where tenant_id = $1 and target = $2 and version = $3`

const FIND = `select ${OUTBOX_COLUMNS} from outbox where tenant_id = $1 and target = $2`

export interface OutboxFailure {
  readonly reason: string
  /** The workflow has the message: only the rest is still owed. */
  readonly isTold: boolean
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

export function createOutboxRepository(tx: TenantTx) {
  async function written(text: string, values: readonly unknown[]): Promise<OutboxRow> {
    const row = await tx.row<OutboxRow>(text, values)
    if (row === null) throw new Error('an upsert returns its row')
    return row
  }

  return {
    /** Adds a message or events for one target; returns the row to hand to the dispatcher after the commit. */
    put: ({ target, message, events }: OutboxEntry): Promise<OutboxRow> => written(PUT, [tx.tenantId, target, json(message), json(events)]),

    find: (target: string): Promise<OutboxRow | null> => tx.row<OutboxRow>(FIND, [tx.tenantId, target]),

    /**
     * What a projection leaves of the row it read: facts taken, message and events added. Returns the row that remains
     * to be settled, or null when nothing does.
     */
    async takeFacts(seen: OutboxRow | null, entry: OutboxEntry): Promise<OutboxRow | null> {
      const adds = entry.message !== null || entry.events.length > 0
      if (adds) return written(TAKE_AND_PUT, [tx.tenantId, entry.target, json(entry.message), json(entry.events), seen?.version ?? null])
      if (seen === null || seen.facts.length === 0) return seen
      if (seen.message !== null || seen.events.length > 0) return tx.row<OutboxRow>(TAKE, [tx.tenantId, entry.target, seen.version])
      await tx.run(DELETE_SEEN, [tx.tenantId, entry.target, seen.version])
      return null
    },

    /** Removes a settled row unless something was added to it meanwhile; false in that case. */
    deleteSeen: async ({ target, version }: Pick<OutboxRow, 'target' | 'version'>): Promise<boolean> =>
      (await tx.run(DELETE_SEEN, [tx.tenantId, target, version])) > 0,

    /** Counts the try, unless something was added to the row meanwhile: that is a new row to whoever settles it. */
    noteFailure: ({ target, version }: Pick<OutboxRow, 'target' | 'version'>, { reason, isTold }: OutboxFailure): Promise<number> =>
      tx.run(NOTE_FAILURE, [tx.tenantId, target, version, reason, isTold]),
  }
}
