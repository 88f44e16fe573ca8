/** Sensors and lights, where they hang, where their frames stand, and unknown devices: DB-230, 232 to 234, 236. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { array, eui, object, oneOf, optional, words } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { addForeignKey, createTenantTable, FULL } from './helpers/2026-11-tenant-table'

/** DOM-513, in the order of that rule. */
const STATUS = `status text generated always as (case
    when lifecycle_state = 'retired' then 'retired'
    when lifecycle_state = 'decommissioned' or not enabled then 'inactive'
    when lifecycle_state = 'maintenance' then 'maintenance'
    when assigned_space_id is null then 'unassigned'
    when last_seen_at >= assigned_at then 'active' else 'assigned' end) stored`

const LIFECYCLE = ['discovered', 'provisioned', 'commissioned', 'operational', 'maintenance', 'decommissioned', 'retired']
const ofKind = (kind: string) => `where kind = '${kind}' and archived_at is null`
const assigned = (kind: string) => `where kind = '${kind}' and assigned_space_id is not null`

const DEVICES = [
  ...createTenantTable({
    name: 'devices',
    comment: 'Sensors and lights, told apart by kind',
    columns: [
      oneOf('kind', ['sensor', 'display']),
      eui('dev_eui'),
      words('name', 255),
      'description text',
      'location text',
      'device_type text',
      'manufacturer text',
      'model text',
      eui('join_eui', optional),
      oneOf('lifecycle_state', LIFECYCLE, { default: `'provisioned'` }),
      'enabled boolean not null default true',
      'assigned_space_id uuid',
      'assigned_at timestamptz',
      'last_seen_at timestamptz',
      'battery_volts numeric(4,2)',
      'battery_percent smallint check (battery_percent between 0 and 100)',
      object('config'),
      object('metadata'),
      'chirpstack_device_id text',
      'chirpstack_application_id uuid',
      'device_profile_id uuid',
      oneOf('chirpstack_sync_status', ['none', 'pending', 'synced', 'drift', 'error'], { default: `'none'` }),
      'chirpstack_last_sync_at timestamptz',
      object('provisioning', optional),
      'archived_at timestamptz',
      STATUS,
    ],
    references: [{ column: 'assigned_space_id', to: 'spaces', onDelete: 'set null' }],
    constraints: { assignment: 'check ((assigned_space_id is null) = (assigned_at is null))' },
    uniqueIndexes: {
      devices__eui: '(dev_eui) where archived_at is null',
      idx_sensor_devices_space: `(tenant_id, assigned_space_id) ${assigned('sensor')}`,
      idx_display_devices_space: `(tenant_id, assigned_space_id) ${assigned('display')}`,
    },
    indexes: {
      idx_sensor_devices_tenant: `(tenant_id, status, created_at desc, id) ${ofKind('sensor')}`,
      idx_display_devices_tenant: `(tenant_id, status, created_at desc, id) ${ofKind('display')}`,
      idx_devices_created: '(tenant_id, created_at desc, id)',
      idx_devices_seen: '(tenant_id, last_seen_at)',
      idx_devices_eui: '(tenant_id, dev_eui)',
      idx_devices_search: `using gin (tenant_id, search_key(dev_eui || ' ' || name || ' ' || coalesce(location, '')) gin_trgm_ops)`,
    },
    touch: 'version',
    live: [
      'last_seen_at',
      'battery_volts',
      'battery_percent',
      'chirpstack_device_id',
      'chirpstack_sync_status',
      'chirpstack_last_sync_at',
      'provisioning',
    ],
    fillfactor: 80,
    access: {
      platform: FULL,
      ingest: 'select, update (last_seen_at, battery_volts, battery_percent)',
      lookup: 'select (tenant_id, id, kind, dev_eui, model, config, device_profile_id, lifecycle_state, status, archived_at)',
    },
  }),
  `comment on column devices.model is 'Key of the codec (D-53)'`,
  `comment on column devices.status is 'Derived, for older clients (DOM-513)'`,
  `comment on index devices__eui is 'Once per installation, whoever holds it; answered neutrally (DOM-534, DB-104)'`,
]

/** A deleted space takes itself off its devices by foreign key; the assignment's time goes with it (both or neither). */
const ASSIGNMENT_TIME = [
  `create function clear_assignment_time() returns trigger language plpgsql as $$
     begin new.assigned_at := null; return new; end $$`,
  `create trigger devices__assignment_time before update of assigned_space_id on devices
     for each row when (new.assigned_space_id is null) execute function clear_assignment_time()`,
]

/** `spaces` shows what hangs at it; this trigger is the only writer of the two columns (DB-164). */
const MIRROR = [
  addForeignKey('spaces', { column: 'sensor_device_id', to: 'devices', onDelete: 'set null' }),
  addForeignKey('spaces', { column: 'display_device_id', to: 'devices', onDelete: 'set null' }),
  `create index idx_spaces_sensor_device_id on spaces (tenant_id, sensor_device_id)`,
  `create index idx_spaces_display_device_id on spaces (tenant_id, display_device_id)`,
  `create function mirror_assignment() returns trigger language plpgsql as $$
     declare holder text := case new.kind when 'sensor' then 'sensor_device_id' else 'display_device_id' end;
     begin
       if tg_op = 'UPDATE' and old.assigned_space_id is not null then
         execute format('update spaces set %I = null where tenant_id = $1 and id = $2 and %I = $3', holder, holder)
           using old.tenant_id, old.assigned_space_id, old.id;
       end if;
       if new.assigned_space_id is not null and new.archived_at is null then
         execute format('update spaces set %I = $3 where tenant_id = $1 and id = $2', holder)
           using new.tenant_id, new.assigned_space_id, new.id;
       end if;
       return null;
     end $$`,
  `create trigger devices__mirror_assignment after insert or update of assigned_space_id, archived_at on devices
     for each row execute function mirror_assignment()`,
]

const ASSIGNMENTS = createTenantTable({
  name: 'device_assignments',
  comment: 'Which device hung at which space from when to when; kept without end',
  columns: [
    'device_id uuid not null',
    oneOf('device_kind', ['sensor', 'display']),
    eui('dev_eui'),
    'space_id uuid not null',
    'assigned_at timestamptz not null',
    'unassigned_at timestamptz',
    'assigned_by uuid',
    'unassigned_by uuid',
    'assignment_reason text',
    'unassignment_reason text',
    `period tstzrange generated always as (tstzrange(assigned_at, unassigned_at, '[)')) stored`,
  ],
  references: [
    { column: 'device_id', to: 'devices', onDelete: 'cascade', index: false },
    { column: 'space_id', to: 'spaces', index: false },
  ],
  constraints: {
    one_space: 'exclude using gist (tenant_id with =, device_id with =, period with &&)',
    one_device: 'exclude using gist (tenant_id with =, space_id with =, device_kind with =, period with &&)',
  },
  indexes: {
    idx_device_assignments_device: '(tenant_id, device_id, assigned_at desc)',
    idx_device_assignments_space: '(tenant_id, space_id, assigned_at desc)',
  },
  access: { app: 'select, insert, update', platform: FULL },
})

const LIFECYCLE_EVENTS = [
  ...createTenantTable({
    name: 'device_lifecycle_events',
    comment: 'Every step of a device from discovery to retirement; append-only',
    columns: [
      'device_id uuid not null',
      'from_state text',
      'to_state text not null',
      'reason text',
      'cause text not null',
      'actor_type text not null',
      'actor_id uuid',
      'workflow_id text',
      'occurred_at timestamptz not null',
    ],
    references: [{ column: 'device_id', to: 'devices', onDelete: 'cascade', index: false }],
    indexes: { idx_device_lifecycle_events_device: '(tenant_id, device_id, occurred_at desc)' },
    access: { app: 'select, insert', platform: FULL },
  }),
  `create trigger device_lifecycle_events__append_only before update on device_lifecycle_events
     for each statement execute function refuse_change()`,
]

const FRAME_CURSORS = createTenantTable({
  name: 'sensor_debounce_state',
  comment: "Where each device's stream of frames stands (DOM-921); flapping is counted here and damped on the light",
  columns: [
    'device_id uuid not null',
    'dev_addr text',
    `former_dev_addrs text[] not null default '{}' check (cardinality(former_dev_addrs) <= 3)`,
    'announced_dev_addr text',
    'f_cnt bigint',
    `recent_dedup text[] not null default '{}' check (cardinality(recent_dedup) <= 16)`,
    'last_heard_at timestamptz',
    'last_received_at timestamptz',
    'project_next boolean not null default false',
    'value text',
    'value_heard_at timestamptz',
    'value_reading_id uuid',
    `flips timestamptz[] not null default '{}' check (cardinality(flips) <= 21)`,
    'suspect_since timestamptz',
    'learning_left smallint not null default 0',
    'battery_low_count smallint not null default 0',
    'last_rssi_dbm smallint',
    'last_snr_db real',
    'last_gateway_eui text',
    'device_class text',
    'firmware text',
    'frames_lost bigint not null default 0',
  ],
  key: 'tenant_id, device_id',
  references: [{ column: 'device_id', to: 'devices', onDelete: 'cascade', index: false }],
  fillfactor: 70,
  access: { ingest: 'select, insert, update' },
})

const ORPHANS = createTenantTable({
  name: 'orphan_devices',
  comment: 'Devices heard that no row knows yet; an operator claims them (D-52)',
  columns: [
    eui('dev_eui'),
    'application_id uuid',
    'device_name text',
    'profile_name text',
    'guessed_model text',
    'first_seen_at timestamptz not null',
    'last_seen_at timestamptz not null',
    'message_count bigint not null default 0',
    'last_rssi_dbm smallint',
    'last_snr_db real',
    'dev_addr text',
    'f_cnt bigint',
    array('frames', { default: `'[]'` }),
    'ignored_at timestamptz',
    'ignored_by uuid',
    'expires_at timestamptz not null',
  ],
  constraints: { eui_unique: 'unique (tenant_id, dev_eui)' },
  indexes: { idx_orphan_devices_seen: '(tenant_id, last_seen_at desc)', idx_orphan_devices_expiry: '(expires_at)' },
  access: { platform: FULL, ingest: 'select, insert, update' },
})

export class Devices1795500004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...DEVICES, ...ASSIGNMENT_TIME, ...MIRROR, ...ASSIGNMENTS, ...LIFECYCLE_EVENTS, ...FRAME_CURSORS, ...ORPHANS])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [
      ...dropTables('orphan_devices', 'sensor_debounce_state', 'device_lifecycle_events', 'device_assignments'),
      `drop index idx_spaces_sensor_device_id`,
      `drop index idx_spaces_display_device_id`,
      `alter table spaces drop constraint spaces__sensor_device`,
      `alter table spaces drop constraint spaces__display_device`,
      `drop table devices`,
      `drop function mirror_assignment()`,
      `drop function clear_assignment_time()`,
    ])
  }
}
