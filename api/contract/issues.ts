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

export function issueAt(place: Place, pointer: string, code: IssueCode, message: string = TEXTS[code]): Issue {
  return { in: place, pointer, code, message }
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
  const ownText =
    issue.code === 'custom' ||
    code === 'too_short' ||
    code === 'too_long' ||
    code === 'too_small' ||
    code === 'too_big' ||
    code === 'invalid_enum'
  return [issueAt(place, pointerOf(issue.path), code, ownText ? issue.message : TEXTS[code])]
}

/** Of a union, the branch that came closest speaks: the one with the fewest complaints. */
function presentUnion(issue: Extract<ZodIssue, { code: 'invalid_union' }>, place: Place): Issue[] {
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
  const inner = closest.flatMap((one) => presentIssue({ ...one, path: [...issue.path, ...one.path] }, place))
  return inner.length > 0 ? inner : [issueAt(place, pointerOf(issue.path), 'wrong_type')]
}

function codeOf(issue: ZodIssue): IssueCode {
  if (issue.input === null && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) return 'not_nullable'
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'wrong_type'
    case 'invalid_value':
      return issue.input === undefined ? 'required' : 'invalid_enum'
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too_short' : 'too_small'
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too_long' : 'too_big'
    case 'custom':
      return (issue.params as IssueParams | undefined)?.issue ?? 'invalid_format'
    default:
      return 'invalid_format'
  }
}
