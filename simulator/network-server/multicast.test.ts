/** Multicast groups: LW-116, LW-151. */
import { credentials } from '@grpc/grpc-js'
import { MulticastGroupServiceClient } from '@chirpstack/chirpstack-api/api/multicast_group_grpc_pb'
import {
  AddDeviceToMulticastGroupRequest,
  AddGatewayToMulticastGroupRequest,
  CreateMulticastGroupRequest,
  EnqueueMulticastGroupQueueItemRequest,
  ListMulticastGroupQueueRequest,
  ListMulticastGroupsRequest,
  MulticastGroup,
  MulticastGroupQueueItem,
  MulticastGroupType,
} from '@chirpstack/chirpstack-api/api/multicast_group_pb'
import { fromHex } from '#domain/codec/hex'
import { build } from './grpc/store-access'
import { bearer, invoke, refusalOf, startTestServer, type TestServer } from './test-support'
import { APPLICATION, GATEWAY, KEEPING_LAMP, LAMP, OTHER_SENSOR, READ_ONLY, TENANT_TOKEN } from './test-world'

let test: TestServer
let client: MulticastGroupServiceClient
beforeEach(async () => {
  test = await startTestServer()
  client = new MulticastGroupServiceClient(test.server.url.replace('http://', ''), credentials.createInsecure())
})
afterEach(async () => {
  client.close()
  await test.close()
})

async function createGroup(): Promise<string> {
  const group = build(new MulticastGroup(), (message) => {
    message.setName('Deck 1')
    message.setApplicationId(APPLICATION)
    message.setGroupType(MulticastGroupType.CLASS_C)
  })
  const request = build(new CreateMulticastGroupRequest(), (message) => message.setMulticastGroup(group))
  return (await invoke(client.create.bind(client), request, bearer(TENANT_TOKEN))).getId()
}

const addDevice = (groupId: string, devEui: string) => {
  const request = build(new AddDeviceToMulticastGroupRequest(), (message) => {
    message.setMulticastGroupId(groupId)
    message.setDevEui(devEui)
  })
  return invoke(client.addDevice.bind(client), request)
}

const addGateway = (groupId: string) => {
  const request = build(new AddGatewayToMulticastGroupRequest(), (message) => {
    message.setMulticastGroupId(groupId)
    message.setGatewayId(GATEWAY)
  })
  return invoke(client.addGateway.bind(client), request)
}

const enqueue = async (groupId: string, hex: string, token = TENANT_TOKEN) => {
  const item = build(new MulticastGroupQueueItem(), (message) => {
    message.setMulticastGroupId(groupId)
    message.setFPort(15)
    message.setData(fromHex(hex) ?? new Uint8Array())
  })
  const request = build(new EnqueueMulticastGroupQueueItemRequest(), (message) => message.setQueueItem(item))
  return (await invoke(client.enqueue.bind(client), request, bearer(token))).getFCnt()
}

const queue = async (groupId: string) => {
  const request = build(new ListMulticastGroupQueueRequest(), (message) => message.setMulticastGroupId(groupId))
  return (await invoke(client.listQueue.bind(client), request)).getItemsList()
}

it('LW-116: Enqueue answers a counter; every member shows the colour; there is neither txack nor ack', async () => {
  const groupId = await createGroup()
  await addDevice(groupId, LAMP)
  await addDevice(groupId, KEEPING_LAMP)
  await addGateway(groupId)
  expect([await enqueue(groupId, 'FF0000FF00'), await enqueue(groupId, '0000FFFF00')]).toEqual([0, 1])
  expect(await queue(groupId)).toHaveLength(2)
  await test.advance(1_200)
  expect([test.looks(LAMP).at(-1), test.looks(KEEPING_LAMP).at(-1)]).toEqual(['FF0000/255/0', 'FF0000/255/0'])
  await test.advance(2_000)
  expect([test.looks(LAMP).at(-1), test.looks(KEEPING_LAMP).at(-1)]).toEqual(['00FF00/255/0', '00FF00/255/0'])
  expect(await queue(groupId)).toEqual([])
  expect([...test.events('txack'), ...test.events('ack')]).toEqual([])
})

it('goes nowhere without a gateway that is up', async () => {
  const groupId = await createGroup()
  await addDevice(groupId, LAMP)
  await enqueue(groupId, 'FF0000FF00')
  await test.advance(5_000)
  expect(test.looks(LAMP).at(-1)).toBe('003500/255/0')
})

it('takes members of its own application only, and writes of keys that may', async () => {
  const groupId = await createGroup()
  expect(await refusalOf(addDevice(groupId, OTHER_SENSOR))).toMatchObject({ code: 13 })
  expect(await refusalOf(enqueue(groupId, '00', READ_ONLY))).toMatchObject({ code: 16 })
})

it('lists the groups of an application', async () => {
  const groupId = await createGroup()
  const request = build(new ListMulticastGroupsRequest(), (message) => {
    message.setApplicationId(APPLICATION)
    message.setLimit(10)
  })
  const reply = await invoke(client.list.bind(client), request, bearer(TENANT_TOKEN))
  expect(reply.getResultList().map((item) => item.getId())).toEqual([groupId])
})
