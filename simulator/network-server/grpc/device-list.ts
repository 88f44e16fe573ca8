/** DeviceService.List: filters, order and pages (LW-022). */
import { DeviceListItem, ListDevicesRequest, ListDevicesResponse } from '@chirpstack/chirpstack-api/api/device_pb'
import type { Simulation } from '../simulation'
import { profileOf, type ApiToken, type DeviceRecord } from '../state'
import { assertMay } from './caller'
import { build, setTimes } from './store-access'
import { byText, matchesSearch, pageOf, timestampOf } from './values'

type SortKey = (device: DeviceRecord) => string

export function createDeviceList({ state }: Simulation): (request: ListDevicesRequest, caller: ApiToken) => ListDevicesResponse {
  const profileName: SortKey = (device) => profileOf(state, device)?.getName() ?? ''

  const sortKeys: Readonly<Record<number, SortKey>> = {
    [ListDevicesRequest.OrderBy.NAME]: ({ message }) => message.getName(),
    [ListDevicesRequest.OrderBy.DEV_EUI]: ({ message }) => message.getDevEui(),
    [ListDevicesRequest.OrderBy.LAST_SEEN_AT]: ({ lastSeenAt }) => String(lastSeenAt ?? 0).padStart(15, '0'),
    [ListDevicesRequest.OrderBy.DEVICE_PROFILE_NAME]: profileName,
  }

  const toListItem = (device: DeviceRecord): DeviceListItem =>
    build(new DeviceListItem(), (item) => {
      const { message } = device
      item.setDevEui(message.getDevEui())
      item.setName(message.getName())
      item.setDescription(message.getDescription())
      item.setDeviceProfileId(message.getDeviceProfileId())
      item.setDeviceProfileName(profileName(device))
      message.getTagsMap().forEach((value, key) => item.getTagsMap().set(key, value))
      if (device.lastSeenAt !== null) item.setLastSeenAt(timestampOf(device.lastSeenAt))
      setTimes(item, device)
    })

  /** Of the application or multicast group that the list is narrowed to; null = all, for admin keys only. */
  function tenantAskedFor(request: ListDevicesRequest): string | null {
    const group = state.multicastGroups.get(request.getMulticastGroupId())
    const applicationId = request.getApplicationId() || group?.message.getApplicationId()
    return state.applications.get(applicationId ?? '')?.message.getTenantId() ?? null
  }

  return (request, caller) => {
    assertMay(caller, { tenantId: tenantAskedFor(request), isWrite: false })
    const found = [...state.devices.values()]
      .filter((device) => isWanted(device, request, state.multicastGroups.get(request.getMulticastGroupId())?.deviceEuis))
      .sort(byText(sortKeys[request.getOrderBy()] ?? (({ message }) => message.getName())))
    const sorted = request.getOrderByDesc() ? found.reverse() : found
    return build(new ListDevicesResponse(), (reply) => {
      reply.setTotalCount(sorted.length)
      reply.setResultList(pageOf(sorted, request).map(toListItem))
    })
  }
}

function isWanted({ message }: DeviceRecord, request: ListDevicesRequest, members: ReadonlySet<string> | undefined): boolean {
  const isSame = (wanted: string, actual: string): boolean => wanted === '' || wanted === actual
  const tags = message.getTagsMap()
  return (
    isSame(request.getApplicationId(), message.getApplicationId()) &&
    isSame(request.getDeviceProfileId(), message.getDeviceProfileId()) &&
    (members?.has(message.getDevEui()) ?? true) &&
    matchesSearch(request.getSearch(), [message.getName(), message.getDevEui()]) &&
    request
      .getTagsMap()
      .toArray()
      .every(([key, value]) => tags.get(key) === value)
  )
}
