/** What one socket may make the process remember, with a wire of our own. */
import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import type { Connection } from './connection'
import { openSocket, type OpenSocketContext } from './open-socket'

class FakeSocket extends EventEmitter {
  readonly OPEN = 1
  readonly readyState = 1
  readonly bufferedAmount = 0
  closedWith: number | null = null
  pause(): void {}
  resume(): void {}
  send(_frame: string, _options: object, sent: () => void): void {
    sent()
  }
  close(code: number): void {
    this.closedWith = code
  }
}

async function open(answer: OpenSocketContext['answer']) {
  const socket = new FakeSocket()
  const wire = { now: 0, connection: null as Connection | null }
  const parts = {
    deps: {
      clock: { now: () => wire.now },
      isStanding: async () => true,
      metrics: { wsDropped: { inc: () => undefined }, wsConnections: { set: () => undefined } },
    },
    hub: { add: (connection: Connection) => void (wire.connection = connection), remove: () => undefined, size: 1 },
    quota: { take: async () => true, release: async () => undefined },
    answer,
  }
  const principal = { kind: 'user', tenantId: 't', userId: 'u', sessionId: 's', role: 'platform_admin', membershipRole: 'admin' } as const
  await openSocket(parts as unknown as OpenSocketContext, {
    socket: socket as unknown as WebSocket, // as much of one as is used here
    identity: { principal: { ...principal, scope: 'platform', switchId: null }, expiresAt: 1e9, maxSockets: 1 },
    resumeFrom: null,
  })
  /** At the pace that the budget of messages allows. */
  const say = (messages: number) => {
    for (let i = 0; i < messages; i += 1) {
      wire.now += 50
      socket.emit('message', Buffer.from('{"type":"ping"}'), false)
    }
  }
  return { socket, say }
}

it('API-891: more than 40 messages behind one that is not answered end the socket', async () => {
  const { socket, say } = await open(() => new Promise(() => undefined))
  say(40)
  expect(socket.closedWith).toBeNull()
  say(1)
  expect(socket.closedWith).toBe(4429)
})

it('API-891: messages that are answered leave no trace', async () => {
  const answered: unknown[] = []
  const { socket, say } = await open(async (_connection, message) => void answered.push(message))
  for (let round = 1; round <= 5; round += 1) {
    say(40)
    await new Promise(setImmediate)
    expect(answered).toHaveLength(40 * round)
  }
  expect(socket.closedWith).toBeNull()
})
