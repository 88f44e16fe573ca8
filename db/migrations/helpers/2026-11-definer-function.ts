/** A `security definer` function of `parking_lookup` (schema § 4): fixed search path, execute for the named roles alone. Frozen since 2026-11. */

export interface DefinerFunction {
  /** Name and arguments with their names, as in `create function`. */
  readonly signature: string
  /** Name and argument types alone, as in `drop function`. */
  readonly identity: string
  readonly returns: string
  readonly language: 'sql' | 'plpgsql'
  readonly volatility: 'stable' | 'volatile'
  readonly body: string
  readonly comment: string
  readonly alsoTo?: 'parking_ingest'
}

/** The owner hands the function over at the end: a definer function runs as `parking_lookup`, which sees only its columns (DB-124). */
export function createDefinerFunction(fn: DefinerFunction): string[] {
  const callers = ['parking_app', ...(fn.alsoTo === undefined ? [] : [fn.alsoTo])].join(', ')
  return [
    `create function ${fn.signature} returns ${fn.returns} language ${fn.language} ${fn.volatility} security definer
       set search_path = pg_catalog, public as $$${fn.body}$$`,
    `comment on function ${fn.identity} is '${fn.comment.replaceAll("'", "''")}'`,
    `revoke all on function ${fn.identity} from public`,
    `grant execute on function ${fn.identity} to ${callers}`,
    `alter function ${fn.identity} owner to parking_lookup`,
  ]
}

/** `parking_lookup` may create in the schema only while it is given functions (DB-126). */
export const createDefinerFunctions = (functions: readonly DefinerFunction[]): string[] => [
  `grant create on schema public to parking_lookup`,
  ...functions.flatMap(createDefinerFunction),
  `revoke create on schema public from parking_lookup`,
]
