/** Devices by kind under the names and columns of earlier versions, for older SQL readers (DB-300, DB-301). */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runAll } from './helpers/2026-11-run'

const COLUMNS = `id, tenant_id, dev_eui, name, device_type, manufacturer, model, status, lifecycle_state, assigned_space_id, assigned_at,
  last_seen_at, enabled, config, chirpstack_device_id, chirpstack_sync_status, archived_at, created_at, updated_at`

/** `security_invoker`: whose rows are seen depends on who asks, not on the owner; `security_barrier`: no function peeks before the filter. */
const view = (kind: 'sensor' | 'display') => [
  `create view ${kind}_devices with (security_invoker = true, security_barrier = true) as
     select ${COLUMNS} from devices where kind = '${kind}'`,
  `grant select on ${kind}_devices to parking_app, parking_platform`,
  `comment on view ${kind}_devices is 'Devices of kind ${kind}, with the columns of earlier versions; read only'`,
]

export class DeviceViews1795500011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [...view('sensor'), ...view('display')])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [`drop view display_devices`, `drop view sensor_devices`])
  }
}
