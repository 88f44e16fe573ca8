/** The one error that rules, services and activities throw on purpose: a code of the closed list and what goes with it (H-40). */
import { ERROR_CODES, type ErrorCode } from './error-codes'

/** Issue codes of API-071, closed. */
export type IssueCode =
  | 'required'
  | 'unknown_field'
  | 'unknown_parameter'
  | 'read_only'
  | 'wrong_type'
  | 'too_short'
  | 'too_long'
  | 'too_small'
  | 'too_big'
  | 'invalid_format'
  | 'invalid_enum'
  | 'invalid_eui'
  | 'invalid_time'
  | 'nonexistent_local_time'
  | 'not_nullable'
  | 'duplicate'
  | 'not_found'
  | 'bad_cursor'
  | 'page_too_deep'
  | 'too_many_rows'
  | 'conflict_with_field'
  | 'weak_password'

/** One thing wrong with one member of a request; `pointer` is a JSON pointer, `''` for the whole. */
export interface Issue {
  readonly in: 'body' | 'query' | 'path' | 'header' | 'row'
  readonly pointer: string
  readonly code: IssueCode
  readonly message: string
  readonly row?: number
}

export interface DomainErrorDetails {
  /** A plain English sentence for the caller; never carries values of others, SQL or driver text. */
  readonly detail?: string
  readonly issues?: readonly Issue[]
  /** Extra members that the code's row in API-072 allows, in wire spelling (`required_role`, `allowed`, …). */
  readonly extra?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly code: ErrorCode,
    readonly details: DomainErrorDetails = {},
  ) {
    super(details.detail ?? ERROR_CODES[code].title, details.cause === undefined ? undefined : { cause: details.cause })
  }
}

/** Narrow by shape rather than by class, since errors may cross module copies. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === 'DomainError' && 'code' in error
}
