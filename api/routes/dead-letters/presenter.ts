/** Messages that could not be taken in, as answers show them (API-540). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import { isoOrNull, presentTenant } from '../shared/present'
import type { Repositories } from '../shared/repositories'

export type DeadLetterRow = Awaited<ReturnType<Repositories['deadLetterReads']['list']>>['rows'][number]
export type DeadLetterDetail = NonNullable<Awaited<ReturnType<Repositories['deadLetterReads']['get']>>>

export function presentDeadLetter(letter: DeadLetterRow, principal: UserPrincipal) {
  return {
    id: letter.deadLetterId,
    ...presentTenant(letter, principal),
    source: letter.source,
    topic: letter.topic,
    dev_eui: letter.devEui === null ? null : presentEui(letter.devEui),
    reason: letter.reason,
    detail: letter.detail,
    received_at: toIso(letter.receivedAt),
    attempts: letter.attempts,
    status: letter.status,
  }
}

export function presentDeadLetterDetail(letter: DeadLetterDetail, principal: UserPrincipal) {
  return {
    ...presentDeadLetter(letter, principal),
    raw: escapeBytes(letter.raw),
    raw_truncated: letter.rawBytes > letter.raw.length,
    resolved_at: isoOrNull(letter.resolvedAt),
    resolve_reason: letter.resolveReason,
  }
}

/** Printable ASCII as it is, every other byte as `\xNN`: whatever came cannot do anything in a terminal or a page. */
export function escapeBytes(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\x20-\x5b\x5d-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
