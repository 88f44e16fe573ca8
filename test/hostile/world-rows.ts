/** A tenant's rows that valid requests name: one of each resource. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { DeviceMade } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import type { TestApi } from '#test/harness/test-api'
import type { RowIds } from './valid-request'

export interface Rows {
  readonly tenantId: string
  readonly spaceId: string
  readonly display: DeviceMade
  readonly ids: RowIds
  readonly euis: Readonly<Record<'devices' | 'gateways', string>>
}

/** A tenant with one row of each resource that operations name, two spaces so that there is a next page. */
export async function makeRows(api: TestApi): Promise<Rows> {
  const { make } = api
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  await make.space({ tenantId, siteId })
  const sensor = await make.device({ tenantId, spaceId })
  const display = await make.device({ tenantId, kind: 'display', spaceId })
  const gateway = await make.gateway({ tenantId })
  const rows = { tenantId, display, spaceId }
  return {
    ...rows,
    ids: {
      tenants: tenantId,
      sites: siteId,
      spaces: spaceId,
      devices: sensor.deviceId,
      gateways: gateway.gatewayRef,
      ...(await makeConsumables(api, rows)),
    },
    euis: { devices: sensor.devEui, gateways: gateway.gatewayId },
  }
}

/** Rows that a successful command ends: new ones for every request. */
export async function makeConsumables(
  { database }: TestApi,
  { tenantId, display, spaceId }: Pick<Rows, 'tenantId' | 'display' | 'spaceId'>,
): Promise<RowIds> {
  const [downlinkId, deadLetterId, overrideId] = [randomUUID(), randomUUID(), randomUUID()]
  const own = { tenant_id: tenantId }
  const command = { origin: 'manual', command: 'set_display', payload: Buffer.from('00'), f_port: 15 }
  const letter = { source: 'mqtt', reason: 'not_json', raw: Buffer.from('{'), content_hash: randomBytes(32), received_at: new Date() }
  const override = { kind: 'blocked', starts_at: new Date(), created_by_type: 'user' }
  await inTenant(database.pool, tenantId, async (client) => {
    await insertRow(client, 'downlink_queue', {
      ...own,
      id: downlinkId,
      device_id: display.deviceId,
      dev_eui: display.devEui,
      space_id: spaceId,
      ...command,
    })
    await insertRow(client, 'ingest_dead_letters', { ...own, id: deadLetterId, ...letter })
    await insertRow(client, 'space_overrides', { ...own, id: overrideId, space_id: spaceId, ...override })
  })
  return { downlinks: downlinkId, 'dead-letters': deadLetterId, override_id: overrideId }
}
