/** ETags with a configuration part and a live part, so that a reading never refuses an edit (API-046, D-26). */
import { createHash } from 'node:crypto'
import { DomainError } from '#domain/shared/domain-error'

/** What the caller knew of the resource; `versions` holds configuration parts. */
export interface Conditions {
  readonly ifMatch: { readonly any: boolean; readonly versions: readonly number[] } | null
}

const NO_CONDITIONS: Conditions = { ifMatch: null }

/** `"<version>-<hash of the whole>"`: the first part says what was configured, both together what was shown. */
export function etagOf(version: number, body: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 16)
  return `"${version}-${hash}"`
}

const TAG = /^"(\d{1,15})-[A-Za-z0-9_-]+"$/

/** A tag that is weak or not one of ours matches nothing, which is what `If-Match` asks for. */
export function readConditions(ifMatch: string): Conditions {
  if (ifMatch === '') return NO_CONDITIONS
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  const versions = tags.flatMap((tag) => TAG.exec(tag)?.[1] ?? []).map(Number)
  return { ifMatch: { any: tags.includes('*'), versions } }
}

/** `If-None-Match` compares the whole tag; weak spelling counts as equal (RFC 9110 § 13.1.2). */
export function isUnchanged(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === '') return false
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

export interface Current {
  readonly version: number
  readonly view: unknown
  readonly updatedAt?: string
  readonly updatedBy?: string | null
}

/** Throws `precondition.stale` with what is there now. */
export function assertFresh({ ifMatch }: Conditions, { version, view, updatedAt, updatedBy }: Current): void {
  if (ifMatch === null || ifMatch.any || ifMatch.versions.includes(version)) return
  throw new DomainError('precondition.stale', {
    detail: 'It was changed since you read it.',
    extra: { current_version: version, current: view, updated_by: updatedBy ?? null, updated_at: updatedAt ?? null },
  })
}
