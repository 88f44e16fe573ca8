/** Fills the network server with the world that it starts with. */
import { Application } from '@chirpstack/chirpstack-api/api/application_pb'
import { Device, DeviceKeys } from '@chirpstack/chirpstack-api/api/device_pb'
import { DeviceProfile } from '@chirpstack/chirpstack-api/api/device_profile_pb'
import { Gateway } from '@chirpstack/chirpstack-api/api/gateway_pb'
import { Tenant } from '@chirpstack/chirpstack-api/api/tenant_pb'
import { Location, MacVersion, Region, RegParamsRevision } from '@chirpstack/chirpstack-api/common/common_pb'
import { findModel } from '#domain/codec/registry'
import { newDeviceRecord } from './grpc/device-access'
import { build } from './grpc/store-access'
import { appKeyOf } from './hardware/units'
import type { Simulation } from './simulation'
import { stored } from './state'
import type { World, WorldDevice, WorldGateway, WorldProfile } from './world'

const DEFAULT_JOIN_EUI = '0000000000000000'

interface TagsMap {
  set(key: string, value: string): unknown
}

const setTags = (map: TagsMap, tags: Readonly<Record<string, string>> = {}): void =>
  Object.entries(tags).forEach(([key, value]) => void map.set(key, value))

/** Everything registered in `world`; units without `registered` stay unknown to the server. */
export function populate(simulation: Simulation, world: World): void {
  const { clock, state } = simulation
  const now = clock.now()
  for (const tenant of world.tenants) state.tenants.set(tenant.id, stored(tenantMessage(tenant), now))
  for (const application of world.applications) state.applications.set(application.id, stored(applicationMessage(application), now))
  for (const profile of world.profiles) state.profiles.set(profile.id, stored(profileMessage(simulation, profile), now))
  for (const gateway of world.gateways) addGateway(simulation, gateway)
  for (const device of world.devices.filter(({ registered = true }) => registered)) addDevice(simulation, device)
  addTokens(simulation, world)
}

const tenantMessage = ({ id, name, maxDeviceCount = 0 }: World['tenants'][number]): Tenant =>
  build(new Tenant(), (message) => {
    message.setId(id)
    message.setName(name)
    message.setCanHaveGateways(true)
    message.setMaxDeviceCount(maxDeviceCount)
  })

const applicationMessage = ({ id, tenantId, name }: World['applications'][number]): Application =>
  build(new Application(), (message) => {
    message.setId(id)
    message.setTenantId(tenantId)
    message.setName(name)
  })

const profileMessage = ({ region }: Simulation, profile: WorldProfile): DeviceProfile =>
  build(new DeviceProfile(), (message) => {
    const isDisplay = findModel(profile.model ?? '')?.role === 'display'
    message.setId(profile.id)
    message.setTenantId(profile.tenantId)
    message.setName(profile.name)
    message.setRegion(Region[region.name])
    message.setMacVersion(MacVersion.LORAWAN_1_0_3)
    message.setRegParamsRevision(RegParamsRevision.A)
    message.setSupportsOtaa(true)
    message.setSupportsClassC(profile.supportsClassC ?? isDisplay)
    message.setFlushQueueOnActivate(profile.flushQueueOnActivate ?? isDisplay)
    message.setClassCTimeout(profile.classCTimeoutSeconds ?? 10)
    message.setUplinkInterval(profile.uplinkIntervalSeconds ?? 3_600)
    message.setDeviceStatusReqInterval(profile.deviceStatusPerDay ?? 1)
    setTags(message.getTagsMap(), profile.tags)
  })

function addGateway({ clock, state }: Simulation, gateway: WorldGateway): void {
  const { gatewayId, tenantId, name, latitude, longitude, online = true } = gateway
  const message = build(new Gateway(), (kept) => {
    kept.setGatewayId(gatewayId)
    kept.setTenantId(tenantId)
    kept.setName(name)
    kept.setStatsInterval(30)
    if (latitude !== undefined && longitude !== undefined) kept.setLocation(locationOf(latitude, longitude))
  })
  const firstSeenAt = online ? clock.now() : null
  state.gateways.set(gatewayId, { ...stored(message, clock.now()), isOnline: online, firstSeenAt, silentSince: null })
}

const locationOf = (latitude: number, longitude: number): Location =>
  build(new Location(), (location) => {
    location.setLatitude(latitude)
    location.setLongitude(longitude)
  })

function addDevice({ clock, draws, state }: Simulation, device: WorldDevice): void {
  const message = build(new Device(), (kept) => {
    kept.setDevEui(device.devEui)
    kept.setName(device.name)
    kept.setApplicationId(device.applicationId)
    kept.setDeviceProfileId(device.profileId)
    kept.setJoinEui(device.joinEui ?? DEFAULT_JOIN_EUI)
    setTags(kept.getTagsMap(), device.tags)
  })
  const keys = build(new DeviceKeys(), (kept) => {
    kept.setDevEui(device.devEui)
    kept.setNwkKey(appKeyOf(device, draws))
  })
  state.devices.set(device.devEui, { ...newDeviceRecord(message, clock.now()), keys: stored(keys, clock.now()) })
}

function addTokens({ state }: Simulation, { tokens, tenants }: World): void {
  const [firstTenant] = tenants
  state.tokens.set(tokens.admin, { tenantId: null, isReadOnly: false })
  tokens.tenants?.forEach(({ tenantId, token }) => state.tokens.set(token, { tenantId, isReadOnly: false }))
  if (tokens.readOnly !== undefined && firstTenant) state.tokens.set(tokens.readOnly, { tenantId: firstTenant.id, isReadOnly: true })
}
