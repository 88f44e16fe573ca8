/** What every table stands on: schema rights, extensions, ids, tenant context, touch and append-only triggers (DB-110, § 3, § 5). */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runAll } from './helpers/2026-11-run'

const SERVING = 'parking_app, parking_platform, parking_ingest, parking_lookup'

const RIGHTS = [
  `revoke all on schema public from public`,
  `grant usage on schema public to ${SERVING}`,
  `alter default privileges for role parking_owner revoke execute on functions from public`,
]

const EXTENSIONS = ['btree_gist', 'btree_gin', 'pg_trgm', 'unaccent']

const FUNCTIONS = [
  `create collation natural_order (provider = icu, locale = 'und-u-kn-true')`,
  `comment on collation natural_order is 'A-2 before A-10 (DB-110)'`,

  `create function current_tenant_id() returns uuid language sql stable parallel safe
     as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$`,
  `create function current_user_id() returns uuid language sql stable parallel safe
     as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$`,
  `create function is_platform_admin() returns boolean language sql stable parallel safe
     as $$ select current_user = 'parking_platform' $$`,

  // RFC 9562 version 7: 48 bits of milliseconds, then the random bits of a version 4 id; bits 52 and 53 turn 4 into 7.
  `create function uuid_v7() returns uuid language sql volatile parallel safe as $$
     select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
       placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
       52, 1), 53, 1), 'hex')::uuid $$`,

  // Declared immutable, as an index needs: the dictionary is the one shipped with the extension and is not edited.
  `create function search_key(value text) returns text language sql immutable strict parallel safe
     as $$ select lower(public.unaccent('public.unaccent'::regdictionary, value) collate "und-x-icu") $$`,

  `create function touch_time() returns trigger language plpgsql as $$
     begin new.updated_at := now(); return new; end $$`,
  `create function touch_version() returns trigger language plpgsql as $$
     begin new.updated_at := now(); new.version := old.version + 1; return new; end $$`,
  `create function refuse_change() returns trigger language plpgsql as $$
     begin raise exception 'append-only table' using detail = format('%s on %s', tg_op, tg_table_name); end $$`,
]

const EXECUTE = [
  `grant execute on function current_tenant_id(), current_user_id() to parking_app`,
  `grant execute on function is_platform_admin() to parking_app, parking_platform`,
  `grant execute on function uuid_v7(), search_key(text) to ${SERVING}`,
  `comment on function current_tenant_id() is 'The tenant of this transaction; null without one: no rows, no error (DB-130)'`,
  `comment on function current_user_id() is 'The person of this transaction; null for processes (DB-130)'`,
  `comment on function is_platform_admin() is 'For readers of the catalogue; no policy calls it (DB-131)'`,
  `comment on function uuid_v7() is 'Default of ids that the application did not make (D-21)'`,
  `comment on function search_key(text) is 'What search compares: no case, no accents (DB-110)'`,
]

export class Foundation1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...RIGHTS, ...EXTENSIONS.map((name) => `create extension if not exists ${name}`), ...FUNCTIONS, ...EXECUTE])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      `drop function refuse_change()`,
      `drop function touch_version()`,
      `drop function touch_time()`,
      `drop function search_key(text)`,
      `drop function uuid_v7()`,
      `drop function is_platform_admin()`,
      `drop function current_user_id()`,
      `drop function current_tenant_id()`,
      `drop collation natural_order`,
      ...EXTENSIONS.map((name) => `drop extension ${name}`),
      `alter default privileges for role parking_owner grant execute on functions to public`,
      `revoke usage on schema public from ${SERVING}`,
    ])
  }
}
