/** What was heard, what followed, who stands and who may: DB-239 to 245. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { array, eui, object, oneOf, optional } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable } from './helpers/2026-11-tenant-table'

const STATES = ['free', 'occupied', 'reserved', 'maintenance', 'unknown']

const READINGS = createTenantTable({
  name: 'sensor_readings',
  comment: 'Every frame that was heard, once, with what it said and what came of it (DOM-924)',
  columns: [
    'device_id uuid not null',
    'space_id uuid',
    eui('dev_eui'),
    'dev_addr text',
    'f_cnt bigint',
    'f_port smallint',
    'deduplication_id text',
    'heard_at timestamptz not null',
    'heard_at_text text',
    'received_at timestamptz not null',
    'recorded_at timestamptz not null default now()',
    'occupied boolean',
    oneOf('verdict', ['applied', 'same', 'stored', 'late', 'undecoded']),
    'decode_error text',
    'battery_volts numeric(4,2)',
    'battery_percent smallint',
    'temperature_celsius numeric(5,2)',
    'rssi_dbm smallint',
    'snr_db real',
    'gateway_eui text',
    'gateway_count smallint not null default 0',
    'repeat_count integer not null default 0',
    'raw_payload bytea',
    object('decoded', optional),
    oneOf('source', ['mqtt', 'webhook', 'import']),
    'time_implausible boolean not null default false',
  ],
  key: 'tenant_id, device_id, heard_at, id',
  constraints: { frame_once: 'unique (tenant_id, deduplication_id, heard_at)' },
  partitionBy: 'heard_at',
  access: { ingest: 'select, insert, update' },
})

const EVENTS = createTenantTable({
  name: 'device_events',
  comment: 'What the network server told about a device beside its uplinks',
  columns: [
    'device_id uuid not null',
    oneOf('kind', ['join', 'ack', 'txack', 'log', 'status', 'location']),
    'event_key text not null',
    'queue_item_id uuid',
    'at timestamptz not null',
    'received_at timestamptz not null',
    object('body', {}),
    'command_id uuid',
  ],
  key: 'tenant_id, device_id, at, id',
  constraints: { event_once: 'unique (tenant_id, event_key, at)' },
  indexes: { idx_device_events_queue_item: '(tenant_id, queue_item_id) where queue_item_id is not null' },
  partitionBy: 'at',
  access: { ingest: 'select, insert, update' },
})

const DEAD_LETTERS = createTenantTable({
  name: 'ingest_dead_letters',
  comment: 'Messages that did not fit, with the reason; replayable (D-73)',
  columns: [
    'source text not null',
    'topic text',
    'dev_eui text',
    'reason text not null',
    'detail text',
    'raw bytea not null check (octet_length(raw) <= 262144)',
    'content_hash bytea not null',
    'received_at timestamptz not null',
    'attempts integer not null default 0',
    oneOf('status', ['open', 'replayed', 'discarded'], { default: `'open'` }),
    'resolved_by uuid',
    'resolved_at timestamptz',
    'resolve_reason text',
  ],
  indexes: { idx_ingest_dead_letters_status: '(tenant_id, status, received_at desc)' },
  access: { ingest: 'select, insert, update', lookup: 'select (tenant_id, status)' },
})

const RESERVATIONS = [
  ...createTenantTable({
    name: 'reservations',
    comment: 'Rights to a bay for a time (D-30); overlap is refused by the exclusion constraint, not by code (D-41)',
    columns: [
      'space_id uuid not null',
      'user_id uuid',
      'user_email text',
      'user_name text',
      'user_phone text',
      'vehicle_plate text',
      'start_time timestamptz not null',
      'end_time timestamptz not null',
      'scheduled_end_time timestamptz not null',
      'blocked_from timestamptz not null',
      'blocked_until timestamptz not null',
      `period tstzrange generated always as (tstzrange(blocked_from, blocked_until, '[)')) stored`,
      oneOf('status', ['pending', 'confirmed', 'active', 'completed', 'cancelled', 'expired', 'no_show'], { default: `'pending'` }),
      'hold_expires_at timestamptz',
      'request_id text',
      'series_id uuid',
      'occurrence_start timestamptz',
      'confirmed_at timestamptz',
      'activated_at timestamptz',
      'checked_in_at timestamptz',
      'checked_out_at timestamptz',
      'no_show_at timestamptz',
      'cancelled_at timestamptz',
      'ended_at timestamptz',
      'checked_in boolean generated always as (checked_in_at is not null) stored',
      oneOf('check_in_source', ['sensor', 'user', 'operator'], optional),
      'checked_in_by uuid',
      oneOf('source', ['console', 'api', 'v1', 'series', 'waitlist']),
      'cancelled_by uuid',
      'cancellation_reason text',
      'no_show_grace_minutes integer check (no_show_grace_minutes >= 0)',
      'moved_from_space_id uuid',
      'waitlist_entry_id uuid',
      'rate numeric(12,2)',
      'total_cost numeric(12,2)',
      'currency char(3)',
      oneOf('payment_status', ['pending', 'paid', 'refunded'], { default: `'pending'` }),
      'notes text',
      object('metadata'),
      'created_by_type text not null',
      'created_by uuid',
      'anonymised_at timestamptz',
    ],
    references: [
      { column: 'space_id', to: 'spaces' },
      { column: 'moved_from_space_id', to: 'spaces' },
    ],
    constraints: {
      length: 'check (end_time > start_time)',
      buffers: 'check (blocked_from <= start_time and blocked_until >= end_time)',
      hold: `check (status <> 'pending' or hold_expires_at is not null)`,
      no_overlap: `exclude using gist (tenant_id with =, space_id with =, period with &&) where (status in ('pending', 'confirmed', 'active'))`,
    },
    uniqueIndexes: {
      reservations__request_once: '(tenant_id, request_id) where request_id is not null',
      reservations__occurrence_once: '(tenant_id, series_id, occurrence_start) where series_id is not null',
    },
    indexes: {
      idx_reservations_tenant: '(tenant_id, status, start_time desc, id)',
      idx_reservations_time: `(tenant_id, start_time, end_time) where status in ('pending', 'confirmed', 'active')`,
      idx_reservations_space: `(tenant_id, space_id, end_time) where status in ('pending', 'confirmed', 'active')`,
      idx_reservations_user: '(tenant_id, user_id)',
      idx_reservations_hold: `(hold_expires_at) where status = 'pending'`,
      idx_reservations_end: `(end_time) where status in ('confirmed', 'active')`,
    },
    touch: 'version',
    access: {
      app: 'select, insert, update',
      lookup: 'select (tenant_id, id, space_id, status, start_time, end_time, hold_expires_at, no_show_grace_minutes, checked_in_at)',
    },
  }),
  `comment on column reservations.blocked_from is 'Start minus the buffer; set by the service, as interval arithmetic cannot be generated'`,
  `comment on column reservations.series_id is 'Series of a recurring booking; a plain column until that table exists'`,
  `comment on column reservations.waitlist_entry_id is 'Waitlist entry it was made from; a plain column until that table exists'`,
]

const STAY = 'ended_at - started_at'

const SESSIONS = createTenantTable({
  name: 'parking_sessions',
  comment: 'Stays, from arrival to leaving (D-30)',
  columns: [
    'space_id uuid not null',
    'site_id uuid not null',
    'device_id uuid',
    'reservation_id uuid',
    'started_at timestamptz not null',
    'ended_at timestamptz',
    'end_uncertain_since timestamptz',
    oneOf('confidence', ['certain', 'uncertain'], { default: `'certain'` }),
    'end_reason text',
    oneOf('source', ['sensor', 'manual']),
    `dwell_seconds integer generated always as (extract(epoch from ${STAY})::integer) stored`,
    `brief boolean generated always as (coalesce(${STAY} < interval '60 seconds', false)) stored`,
  ],
  references: [
    { column: 'space_id', to: 'spaces', index: false },
    { column: 'reservation_id', to: 'reservations', onDelete: 'set null' },
  ],
  uniqueIndexes: { parking_sessions__one_open: '(tenant_id, space_id) where ended_at is null' },
  indexes: {
    idx_parking_sessions_space: '(tenant_id, space_id, started_at desc)',
    idx_parking_sessions_site: '(tenant_id, site_id, started_at)',
  },
  touch: 'time',
})

const TRANSITIONS = [
  ...createTenantTable({
    name: 'state_changes',
    comment: 'Every transition of a bay with the facts and rules that led there, in valid and recorded time (D-37); append-only',
    columns: [
      'space_id uuid not null',
      'site_id uuid not null',
      'sequence bigint not null',
      oneOf('previous_state', STATES),
      oneOf('new_state', STATES),
      'previous_reason text',
      'state_reason text',
      oneOf('source', ['sensor', 'manual', 'reservation', 'timer', 'policy', 'system']),
      'cause_type text not null',
      'cause_id text',
      'valid_at timestamptz not null',
      'recorded_at timestamptz not null default now()',
      array('because'),
      object('display', {}),
      'sensor_state text',
      'reservation_id uuid',
      'reading_id uuid',
      'policy_id uuid',
      'policy_version integer not null default 0',
      'actor_type text',
      'actor_id uuid',
      'workflow_id text',
      'run_id text',
      'request_id text',
    ],
    key: 'tenant_id, space_id, sequence, recorded_at',
    indexes: {
      idx_state_changes_space: '(tenant_id, space_id, recorded_at desc)',
      idx_state_changes_site: '(tenant_id, site_id, recorded_at)',
      idx_state_changes_recorded: '(tenant_id, recorded_at desc)',
    },
    partitionBy: 'recorded_at',
    access: { app: 'select, insert' },
  }),
  `create trigger state_changes__append_only before update on state_changes for each statement execute function refuse_change()`,
]

const NOTICES = createTenantTable({
  name: 'transition_notices',
  comment: 'Who was told of a transition; feed means published to the sockets, not received',
  columns: [
    'space_id uuid not null',
    'sequence bigint not null',
    oneOf('channel', ['feed', 'webhook', 'person']),
    'told_at timestamptz not null default now()',
  ],
  key: 'tenant_id, space_id, sequence, channel',
})

const PARTITIONED = ['sensor_readings', 'device_events', 'state_changes']

export class Facts1795500005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      ...READINGS,
      ...EVENTS,
      ...DEAD_LETTERS,
      ...RESERVATIONS,
      ...SESSIONS,
      ...TRANSITIONS,
      ...NOTICES,
      ...PARTITIONED.map((name) => `select make_default_partition('${name}')`),
      `select ops_ensure_partitions(3)`,
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(
      runner,
      dropTables(
        'transition_notices',
        'state_changes',
        'parking_sessions',
        'reservations',
        'ingest_dead_letters',
        'device_events',
        'sensor_readings',
      ),
    )
  }
}
