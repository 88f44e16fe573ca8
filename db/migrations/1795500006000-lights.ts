/** Policies, the shadow of each light, its commands and their attempts: DB-250 to 254. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { eui, object, oneOf, optional, words } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable } from './helpers/2026-11-tenant-table'

const POLICIES = createTenantTable({
  name: 'display_policies',
  comment: 'Which look a situation has, for a tenant, a site or a space; what governs is a version (D-33)',
  columns: [
    oneOf('scope_type', ['tenant', 'site', 'space']),
    'site_id uuid',
    'space_id uuid',
    words('name', 100),
    'description text',
    object('draft', optional),
    oneOf('status', ['draft', 'published', 'archived'], { default: `'draft'` }),
    'published_version integer',
    'archived_at timestamptz',
  ],
  references: [
    { column: 'site_id', to: 'sites', onDelete: 'cascade' },
    { column: 'space_id', to: 'spaces', onDelete: 'cascade' },
  ],
  constraints: { scope: `check ((scope_type = 'site') = (site_id is not null) and (scope_type = 'space') = (space_id is not null))` },
  uniqueIndexes: {
    display_policies__one_published: `(tenant_id, scope_type, site_id, space_id) nulls not distinct where status = 'published'`,
  },
  touch: 'version',
})

const VERSIONS = [
  ...createTenantTable({
    name: 'display_policy_versions',
    comment: 'Published bodies, never edited; a transition names the version that ruled it',
    columns: [
      'policy_id uuid not null',
      'version_no integer not null',
      object('content', {}),
      'note text',
      'published_by uuid',
      'published_at timestamptz not null default now()',
      'superseded_at timestamptz',
    ],
    key: 'tenant_id, policy_id, version_no',
    references: [{ column: 'policy_id', to: 'display_policies', onDelete: 'cascade', index: false }],
    access: { app: 'select, insert, update (superseded_at)' },
  }),
  `create function refuse_version_change() returns trigger language plpgsql as $$
     begin
       if old.superseded_at is null
          and (to_jsonb(new) - 'superseded_at') = (to_jsonb(old) - 'superseded_at') then return new; end if;
       raise exception 'append-only table' using detail = 'UPDATE on display_policy_versions';
     end $$`,
  `create trigger display_policy_versions__append_only before update on display_policy_versions
     for each row execute function refuse_version_change()`,
]

const SHADOW = [
  ...createTenantTable({
    name: 'display_state_cache',
    comment: "The light's shadow: wanted against shown (D-60)",
    columns: [
      'device_id uuid not null',
      'space_id uuid',
      'wanted_version bigint not null default 0',
      'wanted_situation text',
      'wanted_color text',
      'wanted_pattern text',
      'wanted_brightness smallint',
      'wanted_payload bytea',
      'wanted_f_port smallint',
      'wanted_confirmed boolean not null default false',
      'wanted_at timestamptz',
      'decision_sequence bigint',
      object('temporary', optional),
      'sent_version bigint not null default 0',
      'sent_at timestamptz',
      'shown_color text',
      'shown_pattern text',
      'shown_at timestamptz',
      oneOf('proof', ['none', 'transmitted', 'acked', 'reported'], { default: `'none'` }),
      'report_counter bigint',
      'drift_since timestamptz',
      'unproved_count integer not null default 0',
      'dismissed_version bigint',
      'next_reconcile_at timestamptz',
      'updated_at timestamptz not null default now()',
    ],
    key: 'tenant_id, device_id',
    references: [{ column: 'device_id', to: 'devices', onDelete: 'cascade', index: false }],
    indexes: { idx_display_state_cache_reconcile: '(tenant_id, next_reconcile_at) where next_reconcile_at is not null' },
    access: { lookup: 'select (tenant_id, proof, wanted_version, sent_version)' },
  }),
  `create function refuse_lower_version() returns trigger language plpgsql as $$
     begin
       if new.wanted_version < old.wanted_version or new.sent_version < old.sent_version then
         raise exception 'versions of a light only rise' using errcode = '23514', constraint = 'display_state_cache__monotone';
       end if;
       return new;
     end $$`,
  `create trigger display_state_cache__monotone before update on display_state_cache for each row execute function refuse_lower_version()`,
]

const COMMANDS = createTenantTable({
  name: 'downlink_queue',
  comment: 'Commands to devices and how far each got; transmitted is not delivered (D-61)',
  columns: [
    'device_id uuid not null',
    eui('dev_eui'),
    'space_id uuid',
    oneOf('origin', ['policy', 'manual', 'reconcile', 'api', 'setup']),
    'proof_reading_id uuid',
    'proof_at timestamptz',
    'command text not null',
    object('arguments'),
    'wanted_version bigint',
    'decision_sequence bigint',
    'payload bytea not null',
    'f_port smallint not null check (f_port between 1 and 223)',
    'confirmed boolean not null default false',
    'priority smallint not null default 5 check (priority between 1 and 10)',
    oneOf('status', ['queued', 'sent', 'transmitted', 'confirmed', 'superseded', 'expired', 'failed'], { default: `'queued'` }),
    'status_reason text',
    oneOf('waiting_for', ['network_server', 'gateway', 'budget', 'dwell'], optional),
    'attempts smallint not null default 0 check (attempts between 0 and 5)',
    'next_attempt_at timestamptz',
    'queue_item_id uuid',
    'f_cnt_down bigint',
    'gateway_eui text',
    'proof text',
    'expires_at timestamptz',
    'queued_at timestamptz not null default now()',
    'sent_at timestamptz',
    'transmitted_at timestamptz',
    'confirmed_at timestamptz',
    'ended_at timestamptz',
    'last_error text',
    'retry_of uuid',
    'created_by_type text',
    'created_by uuid',
    'workflow_id text',
  ],
  references: [{ column: 'device_id', to: 'devices', onDelete: 'cascade', index: false }],
  uniqueIndexes: { downlink_queue__one_outstanding: `(tenant_id, device_id) where status = 'sent'` },
  indexes: {
    idx_downlink_queue_status: '(tenant_id, status, priority, queued_at)',
    idx_downlink_queue_device: '(tenant_id, device_id, queued_at desc)',
    idx_downlink_queue_space: '(tenant_id, space_id, queued_at desc)',
    idx_downlink_queue_queued: '(tenant_id, queued_at desc)',
  },
  touch: 'time',
  access: { lookup: 'select (tenant_id, status)' },
})

const ATTEMPTS = createTenantTable({
  name: 'downlink_attempts',
  comment: 'Each try to hand a command to the network server, so that an ambiguous answer can be read back (DOM-620)',
  columns: [
    'command_id uuid not null',
    'attempt_no smallint not null',
    'fingerprint_expires_at timestamptz not null',
    'budget_granted_at timestamptz',
    'charged_gateway_eui text',
    'charged_ms integer',
    'enqueued_at timestamptz',
    'queue_item_id uuid',
    'repeat_queue_item_id uuid',
    'outcome text',
    'ended_at timestamptz',
    object('detail', optional),
  ],
  key: 'tenant_id, command_id, attempt_no',
  references: [{ column: 'command_id', to: 'downlink_queue', onDelete: 'cascade', index: false }],
  uniqueIndexes: { downlink_attempts__queue_item_once: '(tenant_id, queue_item_id) where queue_item_id is not null' },
})

export class Lights1795500006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...POLICIES, ...VERSIONS, ...SHADOW, ...COMMANDS, ...ATTEMPTS])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      ...dropTables('downlink_attempts', 'downlink_queue', 'display_state_cache', 'display_policy_versions', 'display_policies'),
      `drop function refuse_lower_version()`,
      `drop function refuse_version_change()`,
    ])
  }
}
