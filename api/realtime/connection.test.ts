/** The state of one socket, with an array for a wire. */
import type { FeedEvent } from '#domain/shared/outbox'
import type { CloseKind } from './close-codes'
import { Connection, type Transport } from './connection'
import { createEventFrame } from './event-frame'

const MIB = 1024 * 1024

class FakeTransport implements Transport {
  bufferedAmount = 0
  pings = 0
  readonly sent: string[] = []
  closedWith: number | null = null
  send(frame: string | Buffer, sent?: () => void): void {
    this.sent.push(frame.toString())
    sent?.()
  }
  ping(): void {
    this.pings += 1
  }
  close(code: number): void {
    this.closedWith = code
  }
}

function connect(expiresAt = 3_600_000) {
  const transport = new FakeTransport()
  const ends: CloseKind[] = []
  const connection = new Connection({
    id: 'c',
    transport,
    identity: { principal: { kind: 'api_key', tenantId: 't', apiKeyId: 'k', scopes: [] }, expiresAt, maxSockets: 1 },
    cursor: null,
    resumeFrom: null,
    now: 0,
    onClose: (kind) => ends.push(kind),
  })
  return { connection, transport, ends }
}

function frameOf(cursor: string, channels: string[], type: FeedEvent['type'] = 'space:update') {
  return createEventFrame(cursor, { eventId: cursor, type, channels, tenantId: 't', at: 0, data: { sequence: 1 } })
}

const cursors = (transport: FakeTransport) => transport.sent.map((text) => JSON.parse(text).cursor)

describe('deliver', () => {
  it('API-862: nothing is subscribed at first', () => {
    const { connection, transport } = connect()
    expect(connection.deliver(frameOf('1-0', ['spaces']))).toBeUndefined()
    expect(transport.sent).toEqual([])
  })

  it('API-863: an event of several channels is sent once, by the one that is subscribed', () => {
    const { connection, transport } = connect()
    connection.channels.add('space:x').add('spaces:y')
    connection.deliver(frameOf('1-0', ['spaces', 'spaces:y', 'space:x']))
    expect(transport.sent.map((text) => JSON.parse(text))).toEqual([
      {
        type: 'space:update',
        channel: 'spaces:y',
        tenant_id: 't',
        data: { sequence: 1 },
        timestamp: '1970-01-01T00:00:00.000Z',
        id: '1-0',
        cursor: '1-0',
      },
    ])
  })

  it('API-879: rules:changed comes unasked', () => {
    const { connection, transport } = connect()
    connection.deliver(frameOf('1-0', [], 'rules:changed'))
    expect(JSON.parse(transport.sent[0]!)).toMatchObject({ type: 'rules:changed', channel: null })
  })

  it('API-883: what is live waits for what was missed, and comes once', () => {
    const { connection, transport } = connect()
    connection.channels.add('spaces')
    connection.holdBack()
    for (const cursor of ['2-0', '3-0']) connection.deliver(frameOf(cursor, ['spaces']))
    void connection.replay(frameOf('1-0', ['spaces']), 'spaces')
    void connection.replay(frameOf('2-0', ['spaces']), 'spaces')
    connection.letGo(({ cursor }) => cursor === '2-0')
    expect(cursors(transport)).toEqual(['1-0', '2-0', '3-0'])
  })
})

describe('tick', () => {
  it('API-894: pings every 30 s and closes the silent after 60 s', () => {
    const { connection, transport, ends } = connect()
    for (let now = 1000; now <= 60_000; now += 1000) connection.tick(now)
    expect([transport.pings, transport.closedWith]).toEqual([2, null])
    connection.tick(61_000)
    expect([transport.closedWith, ends]).toEqual([4408, ['silent']])
  })

  it('API-894: a pong keeps it open', () => {
    const { connection, transport } = connect()
    connection.pongHeard(59_000)
    connection.tick(61_000)
    expect(transport.closedWith).toBeNull()
  })

  it('API-884: warns a minute before the credential ends, once, and closes at its end', () => {
    const { connection, transport } = connect(100_000)
    connection.pongHeard(99_000)
    for (const now of [39_000, 40_000, 41_000, 99_000]) connection.tick(now)
    expect(transport.sent.map((text) => JSON.parse(text).type)).toEqual(['auth_expiring'])
    connection.tick(100_000)
    expect(transport.closedWith).toBe(4401)
  })

  it('API-895: more than 1 MiB unsent for more than 10 s ends it, a hiccup does not', () => {
    const { connection, transport } = connect()
    transport.bufferedAmount = 2 * MIB
    for (const now of [1000, 10_000]) connection.tick(now)
    transport.bufferedAmount = 0
    connection.tick(11_000)
    transport.bufferedAmount = 2 * MIB
    for (const now of [12_000, 22_000]) connection.tick(now)
    expect(transport.closedWith).toBeNull()
    connection.tick(22_001)
    expect(transport.closedWith).toBe(4413)
  })

  it('API-895: a replayed frame that is not taken for more than 10 s ends it, and the wait for it', async () => {
    const { connection, transport } = connect()
    const taken: (() => void)[] = []
    transport.send = (_frame, sent) => void taken.push(sent ?? (() => undefined))
    const first = connection.replay(frameOf('1-0', ['spaces']), 'spaces')
    for (const now of [1000, 11_000]) connection.tick(now)
    taken[0]!()
    await first
    const second = connection.replay(frameOf('2-0', ['spaces']), 'spaces')
    for (const now of [12_000, 22_000]) connection.tick(now)
    expect(transport.closedWith).toBeNull()
    connection.tick(22_001)
    expect(transport.closedWith).toBe(4413)
    await second
  })

  it('API-895: eight times as much ends it at once', () => {
    const { connection, transport } = connect()
    transport.bufferedAmount = 9 * MIB
    connection.tick(1000)
    expect(transport.closedWith).toBe(4413)
  })
})

it('API-891: the 101st error closes', () => {
  const { connection, transport } = connect()
  for (let i = 0; i < 100; i += 1) connection.refuse({ type: 'error' })
  expect(transport.closedWith).toBeNull()
  connection.refuse({ type: 'error' })
  expect(transport.closedWith).toBe(4429)
})

it('API-896: closes once and sends nothing more', () => {
  const { connection, transport, ends } = connect()
  connection.close('signIn')
  connection.close('slow')
  connection.send({ type: 'x' })
  expect([transport.closedWith, ends, transport.sent]).toEqual([4401, ['signIn'], []])
})
