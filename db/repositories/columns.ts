/** Small helpers of bulk statements: rows to the arrays that `unnest` takes, instants between the database and the domain. */
import { toIso, type Instant } from '#domain/shared/instant'

/** One array per column, in the order of `unnest(…)`. */
export function toColumns<R>(rows: readonly R[], ...members: readonly ((row: R) => unknown)[]): unknown[][] {
  return members.map((member) => rows.map(member))
}

export const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant))

/** SQL: a timestamptz as whole milliseconds since the epoch, cut and never rounded up. */
export const epochMs = (expression: string): string => `floor(extract(epoch from ${expression}) * 1000)::bigint`

/** SQL: the whole number of at least `least` in a JSON value; null for whatever else stands there, as settings are written by hand. */
export const wholeNumber = (json: string, least: number): string => `
  case when jsonb_typeof(${json}) = 'number' then
    case when (${json})::numeric between ${least} and 2147483647 and (${json})::numeric % 1 = 0 then (${json})::int end end`

/** `text[]` members cannot be nested in an `unnest` array (it flattens them): they travel as JSON and are opened here. */
export const textArray = (expression: string): string => `array(select jsonb_array_elements_text(${expression}::jsonb))`
