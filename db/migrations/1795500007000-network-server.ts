/** The link to a network server, its applications, and where it differs from us: DB-260, 261, 263. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { object, oneOf } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable, FULL } from './helpers/2026-11-tenant-table'

const LINKS = createTenantTable({
  name: 'chirpstack_links',
  comment: 'How a tenant reaches its network server; one per tenant',
  columns: [
    'chirpstack_tenant_id uuid',
    'api_token_sealed bytea',
    'default_device_profile_id uuid',
    object('rules'),
    object('profile_models'),
    'state text not null',
    'state_since timestamptz not null default now()',
    'last_success_at timestamptz',
    'last_error text',
  ],
  constraints: { one_per_tenant: 'unique (tenant_id)' },
  touch: 'version',
  live: ['state', 'state_since', 'last_success_at', 'last_error'],
  access: { platform: FULL, lookup: 'select (tenant_id, chirpstack_tenant_id, profile_models)' },
})

const APPLICATIONS = createTenantTable({
  name: 'chirpstack_applications',
  comment: 'Which application of the network server belongs to which tenant (D-52); the platform writes it',
  columns: ['application_id uuid not null', 'name text'],
  constraints: { application_unique: 'unique (application_id)' },
  touch: 'time',
  access: { app: 'select', platform: FULL, lookup: 'select (tenant_id, application_id)' },
})

const DRIFT = createTenantTable({
  name: 'chirpstack_drift',
  comment: 'Every difference between us and the network server, until a rule or an operator settles it (D-63)',
  columns: [
    oneOf('entity_type', ['device', 'gateway', 'application']),
    'entity_id uuid',
    'eui text not null',
    oneOf('kind', ['field', 'missing_ours', 'missing_theirs', 'foreign_application']),
    'field text',
    'ours jsonb',
    'theirs jsonb',
    'since timestamptz not null',
    'last_seen_at timestamptz not null',
    oneOf('status', ['open', 'resolved', 'ignored'], { default: `'open'` }),
    'resolution text',
    'resolved_by uuid',
    'resolved_at timestamptz',
  ],
  uniqueIndexes: { chirpstack_drift__one_open: `(tenant_id, entity_type, eui, kind, field) nulls not distinct where status = 'open'` },
  indexes: { idx_chirpstack_drift_status: '(tenant_id, status, since desc)' },
  access: { platform: FULL, ingest: 'select, insert, update' },
})

export class NetworkServer1795500007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...LINKS, ...APPLICATIONS, ...DRIFT])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, dropTables('chirpstack_drift', 'chirpstack_applications', 'chirpstack_links'))
  }
}
