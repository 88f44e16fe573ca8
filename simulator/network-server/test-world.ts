/** The small world of the behaviour tests: two tenants, two lights, two sensors, two gateways. */
import type { World } from './world'

export const TENANT = '52f14cd4-c6f1-4fbd-8f87-4025e1d49242'
export const OTHER_TENANT = '9d1f4a6e-6f9e-4d58-8c1b-0f3c2a7b5e11'
export const APPLICATION = '17c82e96-be03-4f38-aef3-f83d48582d97'
export const OTHER_APPLICATION = '2b7a8c1d-0d2e-4f66-9a3b-5c4d6e7f8091'
export const LAMP_PROFILE = '14855bf7-d10d-4aee-b618-ebfcb64dc7ad'
const KEEPING_LAMP_PROFILE = '14855bf7-d10d-4aee-b618-ebfcb64dc7ae'
export const SENSOR_PROFILE = '14855bf7-d10d-4aee-b618-ebfcb64dc7af'
const OTHER_PROFILE = '14855bf7-d10d-4aee-b618-ebfcb64dc7b0'
export const LAMP = '2020203907020001'
export const KEEPING_LAMP = '2020203907020002'
export const SENSOR = '58a0cb0000115b4e'
export const OTHER_SENSOR = '58a0cb0000115b4f'
export const GATEWAY = '0016c001f153a14c'
export const SECOND_GATEWAY = '0016c001f153a14d'
export const ADMIN = 'admin-token'
export const TENANT_TOKEN = 'tenant-token'
export const READ_ONLY = 'read-only-token'

export const TEST_WORLD: World = {
  tenants: [
    { id: TENANT, name: 'Demo operator', maxDeviceCount: 4 },
    { id: OTHER_TENANT, name: 'Other operator' },
  ],
  applications: [
    { id: APPLICATION, tenantId: TENANT, name: 'Parking' },
    { id: OTHER_APPLICATION, tenantId: OTHER_TENANT, name: 'Other parking' },
  ],
  profiles: [
    { id: LAMP_PROFILE, tenantId: TENANT, name: 'Busylight', model: 'plenom-busylight', tags: { from: 'profile' } },
    {
      id: KEEPING_LAMP_PROFILE,
      tenantId: TENANT,
      name: 'Busylight, keeps its queue',
      model: 'plenom-busylight',
      flushQueueOnActivate: false,
    },
    { id: SENSOR_PROFILE, tenantId: TENANT, name: 'TABS', model: 'browan-tbms100' },
    { id: OTHER_PROFILE, tenantId: OTHER_TENANT, name: 'TABS of others', model: 'browan-tbms100' },
  ],
  devices: [
    {
      devEui: LAMP,
      name: 'A-01 light',
      model: 'plenom-busylight',
      applicationId: APPLICATION,
      profileId: LAMP_PROFILE,
      tags: { own: 'tag' },
    },
    { devEui: KEEPING_LAMP, name: 'A-02 light', model: 'plenom-busylight', applicationId: APPLICATION, profileId: KEEPING_LAMP_PROFILE },
    {
      devEui: SENSOR,
      name: 'A-01 sensor',
      model: 'browan-tbms100',
      applicationId: APPLICATION,
      profileId: SENSOR_PROFILE,
      motionHoldSeconds: 2,
    },
    { devEui: OTHER_SENSOR, name: 'X-01 sensor', model: 'browan-tbms100', applicationId: OTHER_APPLICATION, profileId: OTHER_PROFILE },
  ],
  gateways: [
    { gatewayId: GATEWAY, tenantId: TENANT, name: 'Mast', latitude: 48.8567, longitude: 2.3508 },
    { gatewayId: SECOND_GATEWAY, tenantId: TENANT, name: 'Roof' },
  ],
  tokens: { admin: ADMIN, readOnly: READ_ONLY, tenants: [{ tenantId: TENANT, token: TENANT_TOKEN }] },
}
