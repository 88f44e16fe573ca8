/** Tenants, people and their standing: DB-201, 202, 203, 206, 209; the platform tenant (DB-884). */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { object, oneOf, optional, words } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable, FULL, grants, namedChecks, touchTrigger } from './helpers/2026-11-tenant-table'

const STAMPS = [
  'created_at timestamptz not null default now()',
  'updated_at timestamptz not null default now()',
  'version integer not null default 1',
]

const TENANT_COLUMNS = [
  words('name', 255),
  `slug text not null check (slug ~ '^[a-z0-9-]{1,100}$')`,
  oneOf('type', ['platform', 'customer', 'trial'], { default: `'customer'` }),
  oneOf('subscription_tier', ['basic', 'professional', 'enterprise'], { default: `'basic'` }),
  'is_active boolean not null default true',
  'trial_ends_at timestamptz',
  'suspended_at timestamptz',
  'suspension_reason text',
  object('features'),
  object('limits'),
  object('settings'),
  object('branding'),
  object('metadata'),
  oneOf('migration_state', ['shadow', 'cutover', 'live'], { default: `'live'` }),
  'deleted_at timestamptz',
]

const USER_COLUMNS = [
  `email text not null check (email = lower(email))`,
  'name text not null',
  'password_hash text',
  'is_active boolean not null default true',
  'email_verified_at timestamptz',
  'pending_email text',
  `language text not null default 'en'`,
  object('preferences'),
  'last_login_at timestamptz',
  'sessions_valid_after timestamptz',
  object('metadata'),
]

const globalTable = (name: string, columns: readonly string[], constraints: readonly string[]) => `create table ${name} (
  id uuid not null default uuid_v7(),
  ${[...columns.map((column) => namedChecks(name, column)), ...STAMPS, `constraint ${name}__pk primary key (id)`, ...constraints].join(',\n  ')}
)`

const forced = (name: string) => [`alter table ${name} enable row level security`, `alter table ${name} force row level security`]

const TENANTS = [
  globalTable('tenants', TENANT_COLUMNS, [
    'constraint tenants__slug_unique unique (slug)',
    'constraint tenants__suspension check ((suspended_at is null) = (suspension_reason is null) and (suspended_at is null or not is_active))',
  ]),
  ...forced('tenants'),
  `create policy tenant_isolation on tenants to parking_app, parking_owner
     using (id = (select current_tenant_id())) with check (id = (select current_tenant_id()))`,
  `create policy platform_access on tenants to parking_platform using (true) with check (true)`,
  `create policy lookup_access on tenants for select to parking_lookup using (true)`,
  ...grants('tenants', {
    app: 'select, insert, update',
    platform: FULL,
    lookup: 'select (id, name, slug, type, subscription_tier, is_active, suspended_at, deleted_at)',
  }),
  ...touchTrigger({ name: 'tenants', columns: TENANT_COLUMNS, touch: 'version' }),
  `comment on table tenants is 'Car-park operators, and the platform itself; every other row belongs to one'`,
]

const SEEN_BY_APP = USER_COLUMNS.map((column) => column.split(' ', 1)[0]).filter((column) => column !== 'password_hash')
const READABLE = ['id', ...SEEN_BY_APP, 'created_at', 'updated_at', 'version'].join(', ')

const USERS = [globalTable('users', USER_COLUMNS, ['constraint users__email_unique unique (email)']), ...forced('users')]

/** DB-133: oneself and the people of the current tenant; the one policy with an `or`. */
const USER_POLICIES = [
  `create policy tenant_isolation on users for select to parking_app, parking_owner
     using (id = (select current_user_id())
            or id in (select m.user_id from user_memberships m where m.tenant_id = (select current_tenant_id())))`,
  `create policy own_row on users for update to parking_app, parking_owner
     using (id = (select current_user_id())) with check (id = (select current_user_id()))`,
  `create policy sign_up on users for insert to parking_app, parking_owner with check (true)`,
  `create policy platform_access on users to parking_platform using (true) with check (true)`,
  `create policy lookup_access on users for select to parking_lookup using (true)`,
  ...grants('users', {
    app: `select (${READABLE}), insert, update (name, pending_email, language, preferences, last_login_at)`,
    platform: `select (${READABLE}), insert, update, delete`,
    lookup: 'select (id, email, password_hash, is_active, sessions_valid_after)',
  }),
  ...touchTrigger({ name: 'users', columns: USER_COLUMNS, touch: 'version', live: ['last_login_at'] }),
  `comment on table users is 'People, over all tenants; what they may do stands in user_memberships'`,
  `comment on column users.password_hash is 'argon2id; read by auth_find_login alone (DB-140)'`,
]

const MEMBERSHIPS = createTenantTable({
  name: 'user_memberships',
  comment: 'Which person has which role in which tenant',
  columns: [
    'user_id uuid not null',
    oneOf('role', ['viewer', 'operator', 'admin', 'owner']),
    'is_active boolean not null default true',
    'invited_by uuid',
    object('metadata'),
  ],
  references: [{ column: 'user_id', to: 'users', onDelete: 'cascade', index: false }],
  constraints: { once: 'unique (tenant_id, user_id)' },
  indexes: { idx_user_memberships_user: '(user_id)' },
  touch: 'version',
  access: { platform: FULL, lookup: 'select (tenant_id, user_id, role, is_active, created_at)' },
})

const REFRESH_TOKENS = createTenantTable({
  name: 'refresh_tokens',
  comment: 'Rotating refresh tokens by hash; session_id is the family that falls when an old one is used again (D-14)',
  columns: [
    'user_id uuid not null',
    'session_id uuid not null',
    'token_hash bytea not null',
    'parent_id uuid',
    'successor_id uuid',
    'successor_sealed bytea',
    'switch_id uuid',
    'device_fingerprint text',
    'user_agent text',
    'ip inet',
    'created_at timestamptz not null default now()',
    'last_used_at timestamptz',
    'rotated_at timestamptz',
    'expires_at timestamptz not null',
    'revoked_at timestamptz',
    'revoked_reason text',
  ],
  references: [{ column: 'user_id', to: 'users', onDelete: 'cascade' }],
  constraints: { token_hash_unique: 'unique (token_hash)' },
  indexes: {
    idx_refresh_tokens_user: '(tenant_id, user_id, created_at desc)',
    idx_refresh_tokens_expiry: '(expires_at)',
  },
  access: { lookup: 'select (tenant_id, id, user_id, session_id, token_hash, expires_at, revoked_at)' },
})

const IDEMPOTENCY_KEYS = createTenantTable({
  name: 'idempotency_keys',
  comment: 'Answers already given, so that a repeated command is answered and not repeated (D-27)',
  columns: [
    'principal text not null',
    words('key', 255),
    'fingerprint bytea not null',
    'operation text not null',
    'resource_id uuid',
    object('request_body', optional),
    oneOf('state', ['running', 'done']),
    'status integer',
    'response jsonb',
    'created_at timestamptz not null default now()',
    'expires_at timestamptz not null',
  ],
  constraints: { once: 'unique (tenant_id, principal, operation, key)' },
  indexes: { idx_idempotency_keys_expiry: '(expires_at)' },
  access: { platform: FULL },
})

/** The id comes from `PLATFORM_TENANT_ID` (through the runner); the owner is under row security, so it enters that tenant first. */
const PLATFORM_TENANT = [
  `select set_config('app.tenant_id', coalesce(nullif(current_setting('app.platform_tenant_id', true), ''), '00000000-0000-0000-0000-000000000000'), true)`,
  `insert into tenants (id, name, slug, type, subscription_tier) values (current_tenant_id(), 'Platform', 'platform', 'platform', 'enterprise')
     on conflict do nothing`,
  `select set_config('app.tenant_id', '', true)`,
]

export class TenantsAndPeople1795500002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      ...TENANTS,
      ...USERS,
      ...MEMBERSHIPS,
      ...USER_POLICIES,
      ...REFRESH_TOKENS,
      ...IDEMPOTENCY_KEYS,
      ...PLATFORM_TENANT,
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    // the select policy of users reads memberships
    await runAll(runner, [
      `drop policy tenant_isolation on users`,
      ...dropTables('idempotency_keys', 'refresh_tokens', 'user_memberships', 'users', 'tenants'),
    ])
  }
}
