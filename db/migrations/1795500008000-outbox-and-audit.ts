/** What must follow a commit, what is wrong now, and who did what: DB-273, 284, 286, 288, 289, 290. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { array, object, oneOf, optional } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable, FULL } from './helpers/2026-11-tenant-table'

/**
 * Microseconds since the epoch, below 2^53. A row that comes after a deleted one of the same target starts above it (an
 * update, worth 1, takes longer than that), so that whoever still settles the older one cannot delete the younger.
 */
const FIRST_VERSION = `(extract(epoch from clock_timestamp()) * 1000000)::bigint`

const OUTBOX = createTenantTable({
  name: 'outbox',
  comment: 'What must follow a commit, one row per workflow to tell; deleted where version is as seen (DOM-914)',
  columns: [
    'target text not null',
    array('facts', optional),
    object('message', optional),
    array('events', optional),
    `version bigint not null default ${FIRST_VERSION}`,
    'created_at timestamptz not null default now()',
    'attempts integer not null default 0',
    'last_error text',
  ],
  key: 'tenant_id, target',
  indexes: { idx_outbox_pending: '(attempts, created_at)' },
  fillfactor: 70,
  access: { platform: FULL, ingest: 'select, insert, update', lookup: 'select (tenant_id, target, created_at, attempts)' },
})

const ALERTS = createTenantTable({
  name: 'alerts',
  comment: 'What is wrong now; closes by itself when its cause ends, never by acknowledging (DOM-1085)',
  columns: [
    oneOf('severity', ['info', 'warning', 'critical']),
    'kind text not null',
    'subject_type text not null',
    'subject_id text not null',
    'site_id uuid',
    'space_id uuid',
    'device_id uuid',
    object('evidence'),
    'opened_at timestamptz not null default now()',
    'closed_at timestamptz',
    'acknowledged_at timestamptz',
    'acknowledged_by uuid',
    'note text',
  ],
  uniqueIndexes: { alerts__one_open: '(tenant_id, kind, subject_id) where closed_at is null' },
  indexes: { idx_alerts_opened: '(tenant_id, opened_at desc)' },
  access: { platform: FULL, lookup: 'select (tenant_id, kind, severity, closed_at)' },
})

const AUDIT_COLUMNS = [
  oneOf('actor_type', ['user', 'api_key', 'system', 'webhook', 'workflow']),
  'actor_id uuid',
  'actor_name text',
  'action text not null',
  'resource_type text not null',
  'resource_id text',
  object('old_values', optional),
  object('new_values', optional),
  object('metadata'),
  'ip_address inet',
  'user_agent text',
  'request_id text',
  'workflow_id text',
  'run_id text',
  'switch_id uuid',
  'success boolean not null default true',
  'error_message text',
]

const INSERTABLE = ['tenant_id', 'id', ...AUDIT_COLUMNS.map((column) => column.split(' ', 1)[0])].join(', ')

const AUDIT = [
  ...createTenantTable({
    name: 'audit_log',
    comment: 'Who did what, from where; refuses change by anyone, and outlives tenant, person and key (D-16)',
    columns: [...AUDIT_COLUMNS, 'created_at timestamptz not null default now()'],
    tenantKey: false,
    indexes: {
      idx_audit_log_tenant: '(tenant_id, created_at desc, id)',
      idx_audit_log_action: '(tenant_id, action text_pattern_ops, created_at desc)',
      idx_audit_log_resource: '(tenant_id, resource_type, resource_id, created_at desc)',
      idx_audit_log_actor: '(tenant_id, actor_id, created_at desc)',
      idx_audit_log_request: '(tenant_id, request_id)',
      idx_audit_log_created: '(created_at desc)',
    },
    access: { app: `select, insert (${INSERTABLE})`, platform: `select, insert (${INSERTABLE})` },
  }),
  `create trigger audit_log__append_only before update or delete or truncate on audit_log for each statement execute function refuse_change()`,
]

interface GlobalTable {
  readonly name: string
  readonly comment: string
  readonly columns: string
  readonly policies: readonly string[]
}

/** Tables without a tenant (DB-134): row security all the same, so that a new role sees nothing by default. */
function createGlobalTable({ name, comment, columns, policies }: GlobalTable): string[] {
  return [
    `create table ${name} (${columns})`,
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    ...policies,
    `comment on table ${name} is '${comment}'`,
  ]
}

const JOB_RUNS = [
  ...createGlobalTable({
    name: 'job_runs',
    comment: 'Each run of a schedule, for operators of the platform',
    columns: `
      id uuid not null default uuid_v7(),
      name text not null,
      scheduled_at timestamptz not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      status text not null,
      result jsonb constraint job_runs__result check (jsonb_typeof(result) = 'object'),
      error text,
      constraint job_runs__pk primary key (id)`,
    policies: [
      `create policy app_access on job_runs to parking_app using (true) with check (true)`,
      `create policy platform_access on job_runs for select to parking_platform using (true)`,
      `grant select, insert, update on job_runs to parking_app`,
      `grant select on job_runs to parking_platform`,
    ],
  }),
  `create index idx_job_runs_name on job_runs (name, started_at desc)`,
]

const RATE_LIMITS = createGlobalTable({
  name: 'rate_limit_state',
  comment: 'Limits that must survive Redis or are physical; reached through rate_limit_take alone (DB-152)',
  columns: `
    scope text not null constraint rate_limit_state__scope check (scope in
      ('login_account', 'login_address', 'address', 'gateway_airtime', 'gateway_rate', 'tenant_downlinks')),
    key text not null,
    parts integer[] not null constraint rate_limit_state__parts check (cardinality(parts) = 60),
    from_at timestamptz not null,
    window_seconds integer not null constraint rate_limit_state__window check (window_seconds > 0),
    blocked_until timestamptz,
    updated_at timestamptz not null default now(),
    constraint rate_limit_state__pk primary key (scope, key)`,
  policies: [
    `create policy lookup_access on rate_limit_state to parking_lookup using (true) with check (true)`,
    `grant select, insert, update, delete on rate_limit_state to parking_lookup`,
    `grant select on rate_limit_state to parking_platform`,
  ],
})

const LEASES = createGlobalTable({
  name: 'listener_leases',
  comment: 'Which listener holds which client id of the broker (lorawan.md § 4.1)',
  columns: `
    ordinal integer not null,
    holder text not null,
    expires_at timestamptz not null,
    constraint listener_leases__pk primary key (ordinal)`,
  policies: [
    `create policy app_access on listener_leases to parking_app using (true) with check (true)`,
    `create policy platform_access on listener_leases for select to parking_platform using (true)`,
    `grant select, insert, update, delete on listener_leases to parking_app`,
    `grant select on listener_leases to parking_platform`,
  ],
})

export class OutboxAndAudit1795500008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...OUTBOX, ...ALERTS, ...AUDIT, ...JOB_RUNS, ...RATE_LIMITS, ...LEASES])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, dropTables('listener_leases', 'rate_limit_state', 'job_runs', 'audit_log', 'alerts', 'outbox'))
  }
}
