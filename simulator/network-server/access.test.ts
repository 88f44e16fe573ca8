/** Who may see and change what, and ChirpStack's words when not: LW-167, LW-021, LW-022. */
import { credentials } from '@grpc/grpc-js'
import { ApplicationServiceClient } from '@chirpstack/chirpstack-api/api/application_grpc_pb'
import { GetApplicationRequest, ListApplicationsRequest } from '@chirpstack/chirpstack-api/api/application_pb'
import {
  CreateDeviceKeysRequest,
  CreateDeviceRequest,
  DeleteDeviceRequest,
  Device,
  DeviceKeys,
  GetDeviceKeysRequest,
  GetDeviceRequest,
  ListDevicesRequest,
  UpdateDeviceKeysRequest,
  UpdateDeviceRequest,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { DeviceProfileServiceClient } from '@chirpstack/chirpstack-api/api/device_profile_grpc_pb'
import { ListDeviceProfilesRequest } from '@chirpstack/chirpstack-api/api/device_profile_pb'
import { InternalServiceClient } from '@chirpstack/chirpstack-api/api/internal_grpc_pb'
import { TenantServiceClient } from '@chirpstack/chirpstack-api/api/tenant_grpc_pb'
import { ListTenantsRequest } from '@chirpstack/chirpstack-api/api/tenant_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import { build } from './grpc/store-access'
import { bearer, invoke, refusalOf, startTestServer, type CallSettings, type TestServer } from './test-support'
import {
  APPLICATION,
  LAMP,
  OTHER_APPLICATION,
  OTHER_SENSOR,
  READ_ONLY,
  SENSOR,
  SENSOR_PROFILE,
  TENANT,
  TENANT_TOKEN,
  TEST_WORLD,
} from './test-world'
import type { WorldDevice } from './world'

const ABSENT = 'ffffffffffffffff'
const NEW = '58a0cb00001100aa'

let test: TestServer
beforeEach(async () => {
  test = await startTestServer({ settle: false })
})
afterEach(() => test.close())

const getDevice = (devEui: string, settings?: CallSettings) => {
  const request = build(new GetDeviceRequest(), (message) => message.setDevEui(devEui))
  return invoke(test.devices.get.bind(test.devices), request, settings)
}

const createDevice = (members: { devEui?: string; name?: string; applicationId?: string } = {}, settings?: CallSettings) => {
  const device = build(new Device(), (message) => {
    message.setDevEui(members.devEui ?? NEW)
    message.setName(members.name ?? 'New')
    message.setApplicationId(members.applicationId ?? APPLICATION)
    message.setDeviceProfileId(SENSOR_PROFILE)
  })
  const request = build(new CreateDeviceRequest(), (message) => message.setDevice(device))
  return invoke(test.devices.create.bind(test.devices), request, settings)
}

const createKeys = (devEui: string, nwkKey = '00112233445566778899aabbccddeeff') => {
  const keys = build(new DeviceKeys(), (message) => {
    message.setDevEui(devEui)
    message.setNwkKey(nwkKey)
  })
  const request = build(new CreateDeviceKeysRequest(), (message) => message.setDeviceKeys(keys))
  return invoke(test.devices.createKeys.bind(test.devices), request)
}

const getKeys = (devEui: string) => {
  const request = build(new GetDeviceKeysRequest(), (message) => message.setDevEui(devEui))
  return invoke(test.devices.getKeys.bind(test.devices), request)
}

const deleteDevice = (devEui: string, settings?: CallSettings) => {
  const request = build(new DeleteDeviceRequest(), (message) => message.setDevEui(devEui))
  return invoke(test.devices.delete.bind(test.devices), request, settings)
}

const listDevices = (fill: (request: ListDevicesRequest) => void, settings?: CallSettings) =>
  invoke(test.devices.list.bind(test.devices), build(new ListDevicesRequest(), fill), settings)

describe('LW-167: tokens', () => {
  it.each([
    ['none', null],
    ['without Bearer', 'admin-token'],
    ['in small letters', 'bearer admin-token'],
    ['with two spaces', 'Bearer  admin-token'],
    ['revoked', 'Bearer revoked'],
  ])('%s: 16', async (_case, authorization) => {
    expect(await refusalOf(getDevice(LAMP, { authorization }))).toMatchObject({ code: 16 })
  })

  it('a tenant key gets 16 with empty text for what is absent and what is of others; an admin key 5', async () => {
    const refused = { code: 16, details: '' }
    expect(await refusalOf(getDevice(ABSENT, bearer(TENANT_TOKEN)))).toEqual(refused)
    expect(await refusalOf(getDevice(OTHER_SENSOR, bearer(TENANT_TOKEN)))).toEqual(refused)
    expect(await refusalOf(deleteDevice(OTHER_SENSOR, bearer(TENANT_TOKEN)))).toEqual(refused)
    expect(await refusalOf(getDevice(ABSENT))).toMatchObject({ code: 5 })
    expect((await getDevice(LAMP, bearer(TENANT_TOKEN))).getDevice()?.getName()).toBe('A-01 light')
  })

  it('a read-only key reads, and gets 16 for a write', async () => {
    expect((await getDevice(LAMP, bearer(READ_ONLY))).getDevice()?.getDevEui()).toBe(LAMP)
    expect(await refusalOf(test.enqueue({}, bearer(READ_ONLY)))).toMatchObject({ code: 16 })
    expect(await refusalOf(createDevice({}, bearer(READ_ONLY)))).toMatchObject({ code: 16 })
  })

  it('LW-021: the connectivity check: applications of the own tenant, 16 for those of others', async () => {
    const check = (tenantId: string, token: string) => {
      const request = build(new ListApplicationsRequest(), (message) => {
        message.setTenantId(tenantId)
        message.setLimit(1)
      })
      return invoke(test.applications.list.bind(test.applications), request, bearer(token))
    }
    expect((await check(TENANT, TENANT_TOKEN)).toObject()).toMatchObject({ totalCount: 1, resultList: [{ id: APPLICATION }] })
    expect(await refusalOf(check(OTHER_APPLICATION, TENANT_TOKEN))).toMatchObject({ code: 16 })
  })

  it('GetVersion answers 16 to every key, TenantService.List to tenant keys', async () => {
    const address = test.server.url.replace('http://', '')
    const internal = new InternalServiceClient(address, credentials.createInsecure())
    const tenants = new TenantServiceClient(address, credentials.createInsecure())
    expect(await refusalOf(invoke(internal.getVersion.bind(internal), new Empty()))).toMatchObject({ code: 16 })
    const request = build(new ListTenantsRequest(), (message) => message.setLimit(10))
    expect(await refusalOf(invoke(tenants.list.bind(tenants), request, bearer(TENANT_TOKEN)))).toMatchObject({ code: 16 })
    expect((await invoke(tenants.list.bind(tenants), request)).getResultList()).toHaveLength(2)
    internal.close()
    tenants.close()
  })

  it('LW-151: what it does not implement answers 12', async () => {
    const internal = new InternalServiceClient(test.server.url.replace('http://', ''), credentials.createInsecure())
    expect(await refusalOf(invoke(internal.profile.bind(internal), new Empty()))).toMatchObject({ code: 12 })
    internal.close()
  })
})

describe('LW-167: creating', () => {
  it('a duplicate is 13 with the constraint, device or keys', async () => {
    await createDevice()
    await createKeys(NEW)
    expect(await refusalOf(createDevice())).toMatchObject({
      code: 13,
      details: expect.stringContaining('duplicate key value violates unique constraint'),
    })
    expect(await refusalOf(createKeys(NEW))).toMatchObject({
      code: 13,
      details: expect.stringContaining('duplicate key value violates unique constraint'),
    })
  })

  it.each([
    ['bad EUI', { devEui: 'zz' }, 13],
    ['bad UUID', { applicationId: 'zz' }, 3],
    ['no name', { name: '' }, 3],
    ['name of 101 characters', { name: 'x'.repeat(101) }, 13],
    ['unknown application', { applicationId: '00000000-0000-4000-8000-000000000000' }, 13],
    ['profile of another tenant', { applicationId: OTHER_APPLICATION }, 3],
  ])('%s is refused', async (_case, members, code) => {
    expect(await refusalOf(createDevice(members))).toMatchObject({ code })
  })

  it('the tenant’s device quota is 3', async () => {
    await createDevice()
    expect(await refusalOf(createDevice({ devEui: '58a0cb00001100ab' }))).toMatchObject({ code: 3 })
  })

  it('Enqueue for an absent device is 13 to an admin key and 16 to a tenant’s; a bad EUI is 13', async () => {
    expect(await refusalOf(test.enqueue({ devEui: ABSENT }))).toMatchObject({ code: 13 })
    expect(await refusalOf(test.enqueue({ devEui: ABSENT }, bearer(TENANT_TOKEN)))).toMatchObject({ code: 16 })
    expect(await refusalOf(test.enqueue({ devEui: 'zz' }))).toMatchObject({ code: 13 })
  })

  it('keys absent on a device that exists are 5; bad hex is 13', async () => {
    await createDevice()
    expect(await refusalOf(getKeys(NEW))).toMatchObject({ code: 5 })
    expect(await refusalOf(createKeys(NEW, 'zz'))).toMatchObject({ code: 13 })
  })

  it('a device of a profile with a model joins once it has keys, as if someone had put it up', async () => {
    await createDevice()
    await createKeys(NEW)
    await test.advance(15_000)
    expect(test.events('join', NEW)).toHaveLength(1)
    expect(test.events('up', NEW).length).toBeGreaterThan(0)
  })

  it('a unit that was deprovisioned joins again when it is provisioned anew, whatever key its label now says', async () => {
    await test.advance(30_000)
    await deleteDevice(SENSOR)
    await createDevice({ devEui: SENSOR })
    await createKeys(SENSOR)
    await test.advance(15_000)
    expect(test.events('join', SENSOR)).toHaveLength(2)
    expect(test.events('up', SENSOR).at(-1)).toMatchObject({ fCnt: 0 })
  })

  it('a unit whose key is known joins with no other: OTAA', async () => {
    const [lamp, ...rest] = TEST_WORLD.devices
    const known = await startTestServer({
      world: { ...TEST_WORLD, devices: [{ ...lamp, appKey: 'ab'.repeat(16) } as WorldDevice, ...rest] },
    })
    const keys = build(new DeviceKeys(), (message) => {
      message.setDevEui(LAMP)
      message.setNwkKey('cd'.repeat(16))
    })
    await invoke(
      known.devices.updateKeys.bind(known.devices),
      build(new UpdateDeviceKeysRequest(), (message) => message.setDeviceKeys(keys)),
    )
    known.server.control.reboot(LAMP)
    await known.advance(10_000)
    expect(known.events('log')).toEqual([expect.objectContaining({ level: 'ERROR', code: 'OTAA', description: 'Invalid MIC' })])
    await known.close()
  })

  it('LW-120: deleting takes keys, session and queue along without an event', async () => {
    await test.advance(30_000)
    await test.enqueue()
    const before = test.server.journal.of('event').length
    await deleteDevice(LAMP)
    await test.advance(60_000)
    expect(await refusalOf(getDevice(LAMP))).toMatchObject({ code: 5 })
    expect(test.server.journal.of('event').filter(({ devEui }) => devEui === LAMP)).toHaveLength(
      test.server.journal
        .of('event')
        .slice(0, before)
        .filter(({ devEui }) => devEui === LAMP).length,
    )
  })
})

describe('LW-023: Update replaces the whole object', () => {
  it('takes tags and variables away that were not sent', async () => {
    const device = build(new Device(), (message) => {
      message.setDevEui(LAMP)
      message.setName('Renamed')
      message.setApplicationId(APPLICATION)
      message.setDeviceProfileId(SENSOR_PROFILE)
    })
    const request = build(new UpdateDeviceRequest(), (message) => message.setDevice(device))
    await invoke(test.devices.update.bind(test.devices), request)
    const kept = (await getDevice(LAMP)).getDevice()
    expect([kept?.getName(), kept?.getTagsMap().getLength()]).toEqual(['Renamed', 0])
  })
})

describe('LW-022: lists', () => {
  it('without a limit answer the count and no rows', async () => {
    const reply = await listDevices((request) => request.setApplicationId(APPLICATION))
    expect(reply.toObject()).toEqual({ totalCount: 3, resultList: [] })
  })

  it('page by EUI, both ways', async () => {
    const page = async (offset: number, isDescending = false) => {
      const reply = await listDevices((request) => {
        request.setApplicationId(APPLICATION)
        request.setLimit(2)
        request.setOffset(offset)
        request.setOrderBy(ListDevicesRequest.OrderBy.DEV_EUI)
        request.setOrderByDesc(isDescending)
      })
      return reply.getResultList().map((item) => item.getDevEui())
    }
    expect([...(await page(0)), ...(await page(2))]).toEqual(['2020203907020001', '2020203907020002', SENSOR])
    expect((await page(0, true))[0]).toBe(SENSOR)
  })

  it('of another tenant’s application, and of no application, are 16 to a tenant key', async () => {
    expect(await refusalOf(listDevices((request) => request.setApplicationId(OTHER_APPLICATION), bearer(TENANT_TOKEN)))).toMatchObject({
      code: 16,
    })
    expect(await refusalOf(listDevices((request) => request.setLimit(1), bearer(TENANT_TOKEN)))).toMatchObject({ code: 16 })
  })

  it('of profiles tell the class', async () => {
    const profiles = new DeviceProfileServiceClient(test.server.url.replace('http://', ''), credentials.createInsecure())
    const request = build(new ListDeviceProfilesRequest(), (message) => {
      message.setTenantId(TENANT)
      message.setLimit(10)
    })
    const reply = await invoke(profiles.list.bind(profiles), request, bearer(TENANT_TOKEN))
    expect(reply.getResultList().map((item) => item.getSupportsClassC())).toEqual([true, true, false])
    profiles.close()
  })

  it('Get of an application names its tenant', async () => {
    const client = new ApplicationServiceClient(test.server.url.replace('http://', ''), credentials.createInsecure())
    const request = build(new GetApplicationRequest(), (message) => message.setId(APPLICATION))
    expect((await invoke(client.get.bind(client), request)).getApplication()?.getTenantId()).toBe(TENANT)
    client.close()
  })
})
