/** Rows with sensible defaults; every member can be given, every test makes its own tenant (H-72). */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { inTenant, insertRow, type Row } from './insert'

export type Role = 'viewer' | 'operator' | 'admin' | 'owner'

/** Columns by their database names, beside what the factory asks for; they win over the defaults. */
interface Extra {
  readonly columns?: Row
}

export interface TenantMade {
  readonly tenantId: string
  readonly slug: string
}

export interface UserMade {
  readonly userId: string
  readonly email: string
}

export interface DeviceMade {
  readonly deviceId: string
  readonly devEui: string
}

export interface GatewayMade {
  /** Id of the row. */
  readonly gatewayRef: string
  /** EUI. */
  readonly gatewayId: string
}

interface DeviceWanted extends Extra {
  readonly tenantId: string
  readonly kind?: 'sensor' | 'display'
  readonly model?: string
  readonly devEui?: string
  /** Assigns it, with a row of history, as of `assignedAt`. */
  readonly spaceId?: string
  readonly assignedAt?: Date
}

/** Milliseconds do not tell two tests of one run apart: names end in random digits. */
const suffix = () => randomBytes(4).toString('hex')
const randomEui = () => randomBytes(8).toString('hex')
const DEFAULT_MODEL = { sensor: 'browan-tbms100', display: 'plenom-busylight' } as const

export function createFactories(pool: Pool) {
  return {
    async tenant({ columns = {} }: Extra = {}): Promise<TenantMade> {
      const row = { id: randomUUID(), name: `Tenant ${suffix()}`, slug: `tenant-${suffix()}`, ...columns }
      await inTenant(pool, row.id, (client) => insertRow(client, 'tenants', row))
      return { tenantId: row.id, slug: row.slug }
    },

    /** A person without membership; `passwordHash` null unless given as a column. */
    async user({ columns = {} }: Extra = {}): Promise<UserMade> {
      const row = { id: randomUUID(), email: `user-${suffix()}@example.com`, name: 'Ada Example', ...columns }
      await inTenant(pool, '', (client) => insertRow(client, 'users', row))
      return { userId: row.id, email: row.email }
    },

    async membership({ tenantId, userId, role, columns = {} }: Extra & { tenantId: string; userId: string; role: Role }): Promise<void> {
      const row = { tenant_id: tenantId, user_id: userId, role, ...columns }
      await inTenant(pool, tenantId, (client) => insertRow(client, 'user_memberships', row))
    },

    /** A site with its counters at zero. */
    async site({ tenantId, columns = {} }: Extra & { tenantId: string }): Promise<{ siteId: string }> {
      const name = `Site ${suffix()}`
      const row = { tenant_id: tenantId, id: randomUUID(), name, slug: name.toLowerCase().replace(' ', '-'), ...columns }
      await inTenant(pool, tenantId, async (client) => {
        await insertRow(client, 'sites', row)
        await insertRow(client, 'site_occupancy', { tenant_id: tenantId, site_id: row.id })
      })
      return { siteId: row.id }
    },

    /** A bay in its first state, `unknown (no_sensor)`, counted at its site. */
    async space({
      tenantId,
      siteId,
      columns = {},
    }: Extra & { tenantId: string; siteId: string }): Promise<{ spaceId: string; code: string }> {
      const code = `A-${suffix()}`
      const row = { tenant_id: tenantId, id: randomUUID(), site_id: siteId, code, name: code, ...columns }
      await inTenant(pool, tenantId, async (client) => {
        await insertRow(client, 'spaces', row)
        await client.query(
          `update site_occupancy o set total = total + 1, free = free + (s.current_state = 'free')::int,
             occupied = occupied + (s.current_state = 'occupied')::int, reserved = reserved + (s.current_state = 'reserved')::int,
             maintenance = maintenance + (s.current_state = 'maintenance')::int, unknown = unknown + (s.current_state = 'unknown')::int
           from spaces s where s.tenant_id = $1 and s.id = $2 and o.tenant_id = s.tenant_id and o.site_id = s.site_id`,
          [tenantId, row.id],
        )
      })
      return { spaceId: row.id, code: row.code }
    },

    async device({
      tenantId,
      kind = 'sensor',
      model,
      devEui = randomEui(),
      spaceId,
      assignedAt = new Date(),
      columns = {},
    }: DeviceWanted): Promise<DeviceMade> {
      const assignment =
        spaceId === undefined ? {} : { assigned_space_id: spaceId, assigned_at: assignedAt, lifecycle_state: 'operational' }
      const row = {
        tenant_id: tenantId,
        id: randomUUID(),
        kind,
        dev_eui: devEui,
        name: `${kind} ${devEui.slice(-4)}`,
        model: model ?? DEFAULT_MODEL[kind],
        ...assignment,
        ...columns,
      }
      await inTenant(pool, tenantId, async (client) => {
        await insertRow(client, 'devices', row)
        if (spaceId === undefined) return
        await insertRow(client, 'device_assignments', {
          tenant_id: tenantId,
          device_id: row.id,
          device_kind: kind,
          dev_eui: devEui,
          space_id: spaceId,
          assigned_at: assignedAt,
        })
      })
      return { deviceId: row.id, devEui }
    },

    async gateway({ tenantId, columns = {} }: Extra & { tenantId: string }): Promise<GatewayMade> {
      const row = { tenant_id: tenantId, id: randomUUID(), gateway_id: randomEui(), name: 'Gateway', ...columns }
      await inTenant(pool, tenantId, (client) => insertRow(client, 'gateways', row))
      return { gatewayRef: row.id, gatewayId: row.gateway_id }
    },
  }
}

export type Factories = ReturnType<typeof createFactories>
