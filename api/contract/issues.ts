/** Turns what zod found into the closed list of issues that clients read (API-071): all of them, each with a JSON pointer. */
import type { z } from 'zod'
import type { Issue, IssueCode } from '#domain/shared/domain-error'

type Place = Issue['in']
type ZodIssue = z.core.$ZodIssue

export const MAX_ISSUES = 50

/** A schema's own check names its issue code here: `refine(test, { params: { issue: 'invalid_eui' } })`. */
export interface IssueParams {
  readonly issue?: IssueCode
}

const TEXTS: Readonly<Record<IssueCode, string>> = {
  required: 'is required',
  unknown_field: 'is not a member of this request',
  unknown_parameter: 'is not a parameter of this request',
  read_only: 'cannot be written',
  wrong_type: 'has the wrong type',
  too_short: 'is too short',
  too_long: 'is too long',
  too_small: 'is too small',
  too_big: 'is too big',
  invalid_format: 'has the wrong format',
  invalid_enum: 'is not one of the allowed values',
  invalid_eui: 'must be 16 hexadecimal digits',
  invalid_time: 'is not a valid time',
  nonexistent_local_time: 'does not exist in that time zone',
  not_nullable: 'must not be null',
  duplicate: 'appears twice',
  not_found: 'was not found',
  bad_cursor: 'is not a cursor of this list',
  page_too_deep: 'is too deep; use cursor',
  too_many_rows: 'matches too many rows',
  conflict_with_field: 'contradicts another member',
  weak_password: 'is too easy to guess',
}

/** `what` is a code with its usual text, or a code with a text of its own. */
export function issueAt(place: Place, pointer: string, what: IssueCode | { readonly code: IssueCode; readonly message: string }): Issue {
  return typeof what === 'string' ? { in: place, pointer, code: what, message: TEXTS[what] } : { in: place, pointer, ...what }
}

/** RFC 6901: `~` and `/` inside a member name are escaped. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')
}

export function issuesOf(error: z.core.$ZodError, place: Place): Issue[] {
  return error.issues.flatMap((issue) => presentIssue(issue, place))
}

function presentIssue(issue: ZodIssue, place: Place): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    const code = place === 'query' ? 'unknown_parameter' : 'unknown_field'
    return issue.keys.map((key) => issueAt(place, pointerOf([...issue.path, key]), code))
  }
  if (issue.code === 'invalid_union') return presentUnion(issue, place)
  const code = codeOf(issue)
  const message = code === 'required' || code === 'not_nullable' ? undefined : wordsOf(issue)
  return [issueAt(place, pointerOf(issue.path), message === undefined ? code : { code, message })]
}

/** Of a union, the branch that came closest speaks: the one with the fewest complaints. */
function presentUnion(issue: Extract<ZodIssue, { code: 'invalid_union' }>, place: Place): Issue[] {
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
  const inner = closest.flatMap((one) => presentIssue({ ...one, path: [...issue.path, ...one.path] }, place))
  return inner.length > 0 ? inner : [issueAt(place, pointerOf(issue.path), 'wrong_type')]
}

/** Where more can be said than the usual text: limits, allowed values, a check's own sentence. zod's sentences are never told. */
const WORDS: { readonly [C in ZodIssue['code']]?: (issue: Extract<ZodIssue, { code: C }>) => string } = {
  invalid_value: ({ values }) => (values.length === 1 ? `must be ${String(values[0])}` : `must be one of ${values.map(String).join(', ')}`),
  too_small: ({ origin, minimum, inclusive }) => limitText(origin, inclusive === false ? 'more than' : 'at least', minimum),
  too_big: ({ origin, maximum, inclusive }) => limitText(origin, inclusive === false ? 'less than' : 'at most', maximum),
  custom: ({ message }) => message,
}

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'values' }

function limitText(origin: string, bound: string, limit: number | bigint): string {
  const unit = UNITS[origin]
  return unit === undefined ? `must be ${bound} ${limit}` : `must have ${bound} ${limit} ${unit}`
}

function wordsOf(issue: ZodIssue): string | undefined {
  const say = WORDS[issue.code] as ((one: ZodIssue) => string) | undefined // each entry reads the issue of its own key
  return say?.(issue)
}

const isSized = (origin: string): boolean => origin === 'string' || origin === 'array'
const isAbsent = ({ input }: ZodIssue): boolean => input === undefined

const CODES: { readonly [C in ZodIssue['code']]?: (issue: Extract<ZodIssue, { code: C }>) => IssueCode } = {
  invalid_type: (issue) => orNull(issue, isAbsent(issue) ? 'required' : 'wrong_type'),
  invalid_value: (issue) => orNull(issue, isAbsent(issue) ? 'required' : 'invalid_enum'),
  too_small: ({ origin }) => (isSized(origin) ? 'too_short' : 'too_small'),
  too_big: ({ origin }) => (isSized(origin) ? 'too_long' : 'too_big'),
  custom: ({ params }) => (params as IssueParams | undefined)?.issue ?? 'invalid_format',
}

const orNull = ({ input }: ZodIssue, code: IssueCode): IssueCode => (input === null ? 'not_nullable' : code)

function codeOf(issue: ZodIssue): IssueCode {
  const read = CODES[issue.code] as ((one: ZodIssue) => IssueCode) | undefined // each entry reads the issue of its own key
  return read?.(issue) ?? 'invalid_format'
}
