/** Writes a demo into an empty database, tenant by tenant, as the owner under row security (OPS-023). Run twice = no change. */
import { Client } from 'pg'
import { bayRows } from './bay-rows'
import { deviceRows } from './device-rows'
import { insertRows, type RowsByTable } from './insert-rows'
import { placeRows } from './place-rows'
import { showcaseRows } from './showcase-rows'
import type { SeedOptions, SeedTenant } from './seed-plan'

/** In order of foreign keys; a table named here is written for every tenant that has rows of it. */
const TABLES = [
  'users',
  'user_memberships',
  'sites',
  'spaces',
  'site_occupancy',
  'gateways',
  'devices',
  'device_assignments',
  'chirpstack_links',
  'chirpstack_applications',
  'sensor_debounce_state',
  'device_gateways',
  'sensor_readings',
  'state_changes',
  'parking_sessions',
  'reservations',
  'display_policies',
  'orphan_devices',
  'chirpstack_drift',
  'ingest_dead_letters',
] as const

const isSeeded = async (client: Client, tenantId: string): Promise<boolean> => {
  const { rows } = await client.query<{ seeded: boolean }>(
    'select exists (select 1 from user_memberships where tenant_id = $1) as seeded',
    [tenantId],
  )
  return rows[0]?.seeded === true
}

async function enterTenant(client: Client, tenantId: string): Promise<void> {
  await client.query("select set_config('app.tenant_id', $1, true), set_config('app.user_id', '', true)", [tenantId])
}

function rowsOf(tenant: SeedTenant, options: SeedOptions): RowsByTable {
  const bays = bayRows(tenant, options)
  return { ...placeRows(tenant, options, bays), ...deviceRows(tenant, options), ...bays, ...showcaseRows(tenant, options) }
}

async function seedTenant(client: Client, tenant: SeedTenant, options: SeedOptions): Promise<boolean> {
  await client.query('begin')
  try {
    await enterTenant(client, tenant.id)
    const done = await isSeeded(client, tenant.id)
    if (!done) {
      if (tenant.type !== 'platform')
        await insertRows(client, 'tenants', [
          { id: tenant.id, name: tenant.name, slug: tenant.slug, type: tenant.type, subscription_tier: tenant.tier },
        ])
      const rows = rowsOf(tenant, options)
      for (const table of TABLES) await insertRows(client, table, rows[table] ?? [])
    }
    await client.query('commit')
    return !done
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Returns the slugs of the tenants that were written now. */
export async function seedDemo(ownerUrl: string, tenants: readonly SeedTenant[], options: SeedOptions): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const written: string[] = []
    for (const tenant of tenants) if (await seedTenant(client, tenant, options)) written.push(tenant.slug)
    return written
  } finally {
    await client.end()
  }
}
