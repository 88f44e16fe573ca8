/** O4 bookings and O6 audit: what the API answered against the rows that say so. */
import type { Pool } from 'pg'
import type { AnswerEntry } from '../journal'

export interface AuditRow {
  readonly requestId: string
  readonly action: string
}

/** Request ids of one mutation are its key followed by the number of the try: `<key>.<n>`. */
export const requestIdOf = (key: string, attempt: number): string => `${key}.${attempt}`
const keyOfRequest = (requestId: string): string => requestId.slice(0, requestId.lastIndexOf('.'))

export async function readAudit(db: Pool, since: Date): Promise<AuditRow[]> {
  const text = `select request_id as "requestId", action from audit_log where created_at >= $1 and request_id is not null and success`
  return (await db.query<AuditRow>(text, [since])).rows
}

/** O6: one row per acknowledged mutation, none for a refused one, however often it was asked. */
export function findAuditFaults(answers: readonly AnswerEntry[], audit: readonly AuditRow[]): string[] {
  const rows = new Map<string, number>()
  for (const { requestId } of audit) rows.set(keyOfRequest(requestId), (rows.get(keyOfRequest(requestId)) ?? 0) + 1)
  const last = new Map(answers.map((answer) => [answer.key, answer]))
  return [...last.values()].flatMap(({ key, what, status }) => {
    const found = rows.get(key) ?? 0
    const wanted = status < 300 ? 1 : 0
    return found === wanted ? [] : [`O6: ${what} answered ${status} and left ${found} audit rows`]
  })
}

/** O4: no two live bookings overlap, and every 2xx booking exists; the exclusion constraint is not asked, the rows are. */
export async function findBookingFaults(db: Pool, answers: readonly AnswerEntry[]): Promise<string[]> {
  const overlapping = await db.query<{ a: string; b: string }>(`
    select a.id as a, b.id as b from reservations a
    join reservations b on b.tenant_id = a.tenant_id and b.space_id = a.space_id and b.id > a.id and b.period && a.period
    where a.status in ('pending', 'confirmed', 'active') and b.status in ('pending', 'confirmed', 'active')`)
  const promised = answers.filter(({ what, status }) => what === 'POST /api/v6/reservations' && status < 300).map(({ body }) => idOf(body))
  const stored = await db.query<{ id: string }>('select id from reservations where id::text = any($1)', [promised])
  const known = new Set(stored.rows.map(({ id }) => id))
  return [
    ...overlapping.rows.map(({ a, b }) => `O4: bookings ${a} and ${b} overlap`),
    ...promised.filter((id) => !known.has(id)).map((id) => `O4: booking ${id} was promised and does not exist`),
  ]
}

function idOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : ''
}
