import { acceptedItems, findLightFaults, lookOfPayload, type StoredCommand, type StoredLight, type WitnessEntry } from './lights'

const enqueue = (id: string): WitnessEntry => ({
  ...{ type: 'grpc', at: 1, method: 'DeviceService/Enqueue', code: 0, request: { queueItem: { devEui: 'l' } }, reply: { id } },
})
const lamp = (look: string, queueItemId: string | null): WitnessEntry => ({ type: 'lamp', at: 2, devEui: 'l', look, queueItemId })
const command = (changes: Partial<StoredCommand> = {}): StoredCommand => ({
  ...{ commandId: 'c', devEui: 'l', status: 'confirmed', wantedVersion: 1, queueItemIds: ['i'], ...changes },
})
const light: StoredLight = {
  ...{
    devEui: 'l',
    wantedColor: 'red',
    wantedPayload: 'ff0000ff00',
    shownColor: 'red',
    proof: 'reported',
    wantedVersion: 1,
    sentVersion: 1,
  },
}
const RED = 'FF0000/255/0'

describe('O5 sees', () => {
  test('nothing when one command had one effect', () => {
    expect(findLightFaults([enqueue('i'), lamp(RED, 'i')], { commands: [command()], lights: [light] })).toEqual([])
  })

  test('the bytes of a look: red, blue, green on the wire', () => {
    expect(lookOfPayload('000035ff00')).toBe('003500/255/0')
    expect(acceptedItems([enqueue('i'), { ...enqueue('x'), code: 14, reply: 'away' }], 'l')).toEqual(['i'])
  })

  test('a command that never reached the network server', () => {
    expect(findLightFaults([lamp(RED, null)], { commands: [command()], lights: [light] })).toHaveLength(1)
  })

  test('two effects of one command', () => {
    const journal = [enqueue('i'), enqueue('j'), lamp(RED, 'i'), lamp(RED, 'j')]
    expect(findLightFaults(journal, { commands: [command({ queueItemIds: ['i', 'j'] })], lights: [light] })).toHaveLength(1)
  })

  test('an item that belongs to no attempt', () => {
    const journal = [enqueue('i'), enqueue('j'), lamp(RED, 'i')]
    expect(findLightFaults(journal, { commands: [command()], lights: [light] })).toHaveLength(1)
  })

  test('a wrong colour, unless its command says so', () => {
    const journal = [enqueue('i'), lamp('00FF00/255/0', 'i')]
    expect(findLightFaults(journal, { commands: [command()], lights: [light] })).toHaveLength(1)
    expect(findLightFaults(journal, { commands: [command({ status: 'expired' })], lights: [light] })).toEqual([])
  })
})
