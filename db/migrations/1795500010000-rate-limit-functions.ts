/** Limits that survive Redis (DB-152): a sliding window of 60 parts per (scope, key), one row lock. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createDefinerFunctions, type DefinerFunction } from './helpers/2026-11-definer-function'
import { runAll } from './helpers/2026-11-run'

const ANSWER = 'table (granted boolean, remaining integer, retry_after_ms integer)'
const PARTS = 60

const writing = (fn: Omit<DefinerFunction, 'language' | 'volatility'>): DefinerFunction => ({
  ...fn,
  language: 'plpgsql',
  volatility: 'volatile',
})

/**
 * `parts[1]` is the part that `from_at` begins; a part is `window_seconds / 60` long. Sliding drops the parts that have left
 * the window. What is refused is not counted. `retry_after_ms` is when enough of the oldest parts will have left.
 */
const SLIDE = `
      part := make_interval(secs => window_seconds / ${PARTS}.0);
      insert into rate_limit_state as s (scope, key, parts, from_at, window_seconds)
        values (limit_scope, limit_key, array_fill(0, array[${PARTS}]), at, rate_limit_take.window_seconds)
        on conflict (scope, key) do update set updated_at = at
        returning s.parts, s.from_at, s.window_seconds, s.blocked_until into used, origin, stored_window, blocked;
      gone := floor(extract(epoch from at - origin) / extract(epoch from part))::integer - ${PARTS - 1};
      if stored_window <> rate_limit_take.window_seconds or gone >= ${PARTS} then
        used := array_fill(0, array[${PARTS}]); origin := at;
      elsif gone > 0 then
        used := used[gone + 1:] || array_fill(0, array[gone]); origin := origin + gone * part;
      end if;
      slot := greatest(1, least(${PARTS}, floor(extract(epoch from at - origin) / extract(epoch from part))::integer + 1));`

const TAKE = writing({
  signature: 'rate_limit_take(limit_scope text, limit_key text, cost integer, max_cost integer, window_seconds integer)',
  identity: 'rate_limit_take(text, text, integer, integer, integer)',
  returns: ANSWER,
  body: `
    declare
      at timestamptz := clock_timestamp();
      part interval; used integer[]; origin timestamptz; stored_window integer; blocked timestamptz;
      gone integer; slot integer; total integer; freed integer := 0; step integer := 0;
    begin
      if cost < 0 or window_seconds <= 0 then raise exception 'cost and window must be positive' using errcode = '22023'; end if;
${SLIDE}
      total := (select coalesce(sum(u), 0) from unnest(used) u);
      granted := total + cost <= max_cost and coalesce(blocked <= at, true);
      if granted then used[slot] := used[slot] + cost; total := total + cost; end if;
      update rate_limit_state s set parts = used, from_at = origin, window_seconds = rate_limit_take.window_seconds
        where s.scope = limit_scope and s.key = limit_key;
      remaining := greatest(0, max_cost - total);
      while not granted and step < ${PARTS} and total - freed + cost > max_cost loop
        step := step + 1; freed := freed + used[step];
      end loop;
      retry_after_ms := case when granted then 0 else
        greatest(1, ceil(1000 * extract(epoch from greatest(origin + (${PARTS} - 1 + step) * part, blocked) - at)))::integer end;
      return next;
    end`,
  comment: 'Takes `cost` of `max_cost` per window, or says when to come again; a refusal counts nothing (DB-152)',
})

const RETURN = writing({
  signature: 'rate_limit_return(limit_scope text, limit_key text, cost integer)',
  identity: 'rate_limit_return(text, text, integer)',
  returns: 'void',
  body: `
    declare used integer[]; slot integer; back integer := cost; given integer;
    begin
      select s.parts into used from rate_limit_state s where s.scope = limit_scope and s.key = limit_key for no key update;
      if not found then return; end if;
      for slot in reverse ${PARTS}..1 loop
        given := least(back, used[slot]);
        used[slot] := used[slot] - given; back := back - given;
      end loop;
      update rate_limit_state s set parts = used, updated_at = clock_timestamp() where s.scope = limit_scope and s.key = limit_key;
    end`,
  comment: 'Gives back what was taken and not used, newest parts first (DB-152)',
})

const PEEK: DefinerFunction = {
  signature: 'rate_limit_peek(limit_scope text, limit_key text, max_cost integer)',
  identity: 'rate_limit_peek(text, text, integer)',
  returns: ANSWER,
  language: 'sql',
  volatility: 'stable',
  body: `
    select used.total < max_cost and not used.blocked, greatest(0, max_cost - used.total)::integer,
      case when used.blocked then ceil(1000 * extract(epoch from used.blocked_until - now()))::integer else 0 end
    from (
      select coalesce(sum(p.amount) filter (where s.from_at + p.part * make_interval(secs => s.window_seconds / ${PARTS}.0)
                                                  > now() - make_interval(secs => s.window_seconds)), 0) as total,
             coalesce(bool_or(s.blocked_until > now()), false) as blocked, max(s.blocked_until) as blocked_until
      from rate_limit_state s, unnest(s.parts) with ordinality p (amount, part)
      where s.scope = limit_scope and s.key = limit_key
    ) used`,
  comment: 'What is left, taking nothing (DB-152)',
}

const RESET = writing({
  signature: 'rate_limit_reset(limit_scope text, limit_key text)',
  identity: 'rate_limit_reset(text, text)',
  returns: 'void',
  body: `
    begin delete from rate_limit_state s where s.scope = limit_scope and s.key = limit_key; end`,
  comment: 'Forgets a limit, as after a good login (DB-152)',
})

const FUNCTIONS = [TAKE, RETURN, PEEK, RESET]

export class RateLimitFunctions1795500010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, createDefinerFunctions(FUNCTIONS))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(
      runner,
      FUNCTIONS.map((fn) => `drop function ${fn.identity}`),
    )
  }
}
