/** Sites, their bays, the counters and what operators state about a bay: DB-220, 222, 223, 224. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { object, oneOf, optional, words } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable } from './helpers/2026-11-tenant-table'

const SITES = createTenantTable({
  name: 'sites',
  comment: 'Car parks; a site has one time zone, in which its naive times are read (D-20)',
  columns: [
    words('name', 255),
    words('slug', 100),
    `timezone text not null default 'UTC'`,
    object('location'),
    object('settings'),
    object('metadata'),
    'is_active boolean not null default true',
    'deleted_at timestamptz',
  ],
  uniqueIndexes: {
    sites__name_unique: '(tenant_id, name) where deleted_at is null',
    sites__slug_unique: '(tenant_id, slug) where deleted_at is null',
  },
  indexes: {
    idx_sites_tenant: '(tenant_id, is_active, name, id)',
    idx_sites_search: `using gin (tenant_id, search_key(name || ' ' || slug) gin_trgm_ops)`,
  },
  touch: 'version',
})

const TIME_ZONE = [
  `create function check_time_zone() returns trigger language plpgsql as $$
     begin
       if not exists (select from pg_timezone_names where name = new.timezone) then
         raise exception 'unknown time zone' using errcode = '23514', constraint = tg_table_name || '__time_zone';
       end if;
       return new;
     end $$`,
  `create trigger sites__time_zone before insert or update of timezone on sites for each row execute function check_time_zone()`,
]

const LIVE_COLUMNS = [
  oneOf('current_state', ['free', 'occupied', 'reserved', 'maintenance', 'unknown'], { default: `'unknown'` }),
  `state_reason text not null default 'no_sensor'`,
  'state_changed_at timestamptz not null default now()',
  'state_sequence bigint not null default 0',
  'state_until timestamptz',
  'next_check_at timestamptz',
  'next_check_cause text',
  oneOf('sensor_state', ['occupied', 'free'], optional),
  'display_state text',
  'policy_id uuid',
  'policy_version integer not null default 0',
  'sensor_device_id uuid',
  'display_device_id uuid',
]

const SPACES = [
  ...createTenantTable({
    name: 'spaces',
    comment: 'Bays: configuration, and the state that the projection alone writes (H-13)',
    columns: [
      'site_id uuid not null',
      words('code', 50),
      words('name', 255),
      words('display_name', 255, optional),
      words('building', 100, optional),
      words('floor', 20, optional),
      words('zone', 50, optional),
      `kind text not null default 'standard'`,
      `labels text[] not null default '{}'`,
      'gps_latitude numeric(9,6) check (gps_latitude between -90 and 90)',
      'gps_longitude numeric(9,6) check (gps_longitude between -180 and 180)',
      'enabled boolean not null default true',
      'is_reservable boolean not null default true',
      'auto_release_minutes integer check (auto_release_minutes between 1 and 1440)',
      'note text',
      object('config'),
      object('metadata'),
      ...LIVE_COLUMNS,
      'deleted_at timestamptz',
    ],
    references: [{ column: 'site_id', to: 'sites', onDelete: 'restrict', index: false }],
    constraints: { gps: 'check ((gps_latitude is null) = (gps_longitude is null))' },
    uniqueIndexes: { spaces__code_unique: '(tenant_id, site_id, code) where deleted_at is null' },
    indexes: {
      idx_spaces_tenant: '(tenant_id, deleted_at, code collate natural_order, id)',
      idx_spaces_site: '(tenant_id, site_id, deleted_at, code collate natural_order, id)',
      idx_spaces_state: '(tenant_id, site_id, current_state) where deleted_at is null',
      idx_spaces_due: '(next_check_at) where next_check_at is not null and deleted_at is null',
      idx_spaces_search: `using gin (tenant_id, search_key(code || ' ' || name || ' ' || coalesce(display_name, '')) gin_trgm_ops)`,
    },
    touch: 'version',
    live: LIVE_COLUMNS.map((column) => column.split(' ', 1)[0] ?? ''),
    fillfactor: 80,
    access: { lookup: 'select (tenant_id, id, site_id, current_state, next_check_at, next_check_cause, deleted_at)' },
  }),
  // a site names its tenant: without this the planner multiplies two selectivities and expects one row of a site
  `create statistics spaces__site_of_tenant (dependencies) on tenant_id, site_id from spaces`,
  `comment on column spaces.state_sequence is 'Number of the last transition; clients resync by it'`,
  `comment on column spaces.next_check_at is 'When the answer may change with no new fact; the sweep projects the space then (DOM-913)'`,
  `comment on column spaces.sensor_device_id is 'Mirror of devices.assigned_space_id, written by a trigger of devices alone (DB-164)'`,
  `comment on column spaces.display_device_id is 'Mirror of devices.assigned_space_id, written by a trigger of devices alone (DB-164)'`,
]

const count = (name: string) => `${name} integer not null default 0 check (${name} >= 0)`

const SITE_OCCUPANCY = createTenantTable({
  name: 'site_occupancy',
  comment: 'Counters of each site, kept by the projection in its own transaction; dashboards read only this',
  columns: [
    'site_id uuid not null',
    ...['total', 'free', 'occupied', 'reserved', 'maintenance', 'unknown'].map(count),
    object('unknown_reasons'),
    'updated_at timestamptz not null default now()',
  ],
  key: 'tenant_id, site_id',
  references: [{ column: 'site_id', to: 'sites', onDelete: 'cascade', index: false }],
  constraints: { sum: 'check (total = free + occupied + reserved + maintenance + unknown)' },
})

const SPACE_OVERRIDES = createTenantTable({
  name: 'space_overrides',
  comment: 'What an operator states about a bay, and until when; never overwrites what the sensor says (D-30)',
  columns: [
    'space_id uuid not null',
    oneOf('kind', ['out_of_service', 'blocked', 'occupied', 'free']),
    'starts_at timestamptz not null',
    'ends_at timestamptz',
    oneOf('origin', ['state', 'override'], { default: `'override'` }),
    'reason text',
    'notes text',
    'created_by_type text not null',
    'created_by uuid',
    'ended_at timestamptz',
    'ended_by uuid',
    'created_at timestamptz not null default now()',
  ],
  references: [{ column: 'space_id', to: 'spaces', onDelete: 'cascade', index: false }],
  constraints: { period: 'check (ends_at > starts_at)' },
  indexes: {
    idx_space_overrides_open: '(tenant_id, space_id, starts_at) where ended_at is null',
    idx_space_overrides_history: '(tenant_id, space_id, starts_at desc)',
  },
})

export class Places1795500003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...SITES, ...TIME_ZONE, ...SPACES, ...SITE_OCCUPANCY, ...SPACE_OVERRIDES])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...dropTables('space_overrides', 'site_occupancy', 'spaces', 'sites'), `drop function check_time_zone()`])
  }
}
