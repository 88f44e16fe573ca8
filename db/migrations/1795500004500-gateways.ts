/** Gateways, when they came and went, and whom they hear: DB-235, 237, 238. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { eui, object, oneOf, words } from './helpers/2026-11-columns'
import { dropTables, runAll } from './helpers/2026-11-run'
import { createTenantTable } from './helpers/2026-11-tenant-table'

const DEVICE_GATEWAYS = createTenantTable({
  name: 'device_gateways',
  comment: 'Which gateways hear a device, and how well',
  columns: [
    'device_id uuid not null',
    eui('gateway_eui'),
    'last_heard_at timestamptz not null',
    'rssi_dbm smallint',
    'snr_db real',
    'uplinks bigint not null default 0',
  ],
  key: 'tenant_id, device_id, gateway_eui',
  indexes: { idx_device_gateways_gateway: '(tenant_id, gateway_eui, last_heard_at)' },
  fillfactor: 70,
  access: { ingest: 'select, insert, update' },
})

const GATEWAYS = createTenantTable({
  name: 'gateways',
  comment: 'LoRaWAN gateways of a tenant',
  columns: [
    eui('gateway_id'),
    words('name', 255),
    'description text',
    'location text',
    'model text',
    'latitude double precision check (latitude between -90 and 90)',
    'longitude double precision check (longitude between -180 and 180)',
    'altitude_metres double precision',
    'site_id uuid',
    oneOf('status', ['online', 'offline', 'never_seen'], { default: `'never_seen'` }),
    'status_since timestamptz not null default now()',
    'last_seen_at timestamptz',
    'enabled boolean not null default true',
    'stats_interval_seconds integer',
    object('config'),
    object('metadata'),
    'chirpstack_gateway_id text',
    `chirpstack_sync_status text not null default 'none'`,
  ],
  references: [{ column: 'site_id', to: 'sites', onDelete: 'set null', index: false }],
  constraints: {
    position: 'check ((latitude is null) = (longitude is null))',
    eui_unique: 'unique (tenant_id, gateway_id)',
  },
  indexes: {
    idx_gateways_tenant: '(tenant_id, status, name, id)',
    idx_gateways_eui: '(gateway_id)',
    idx_gateways_site: '(tenant_id, site_id)',
  },
  touch: 'version',
  live: ['status', 'status_since', 'last_seen_at', 'stats_interval_seconds', 'chirpstack_gateway_id', 'chirpstack_sync_status'],
  access: { ingest: 'select, update (last_seen_at)', lookup: 'select (tenant_id, status)' },
})

const GATEWAY_STATUS_CHANGES = createTenantTable({
  name: 'gateway_status_changes',
  comment: 'When a gateway came and went: uptime and outages',
  columns: [
    'gateway_ref uuid not null',
    'from_status text not null',
    'to_status text not null',
    'at timestamptz not null',
    'detected_by text not null',
  ],
  references: [{ column: 'gateway_ref', to: 'gateways', onDelete: 'cascade', index: false }],
  indexes: { idx_gateway_status_changes_gateway: '(tenant_id, gateway_ref, at desc)' },
})

export class Gateways1795500004500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...DEVICE_GATEWAYS, ...GATEWAYS, ...GATEWAY_STATUS_CHANGES])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, dropTables('gateway_status_changes', 'gateways', 'device_gateways'))
  }
}
