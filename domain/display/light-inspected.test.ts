/** An item that has left the queue: lost only when the network told nothing of it (DOM-622, DOM-627). */
import type { NetworkEvent } from '../shared/outbox'
import { createLight, type Command, type Light } from './light'
import { inspected } from './light-settles'

const MOMENT = { now: 100_000, random: 0.5 }
const COMMAND: Command = {
  commandId: 'command',
  kind: 'display',
  version: 1,
  rank: 2,
  attemptNo: 1,
  phase: 'sent',
  notBefore: 0,
  waitingFor: null,
  stalls: 0,
  look: null,
  queueItemId: 'item',
  sentAt: 80_000,
  expiresAt: 200_000,
  lookAgainAt: 95_000,
  flushes: null,
  repeat: 'none',
}
const TXACK: NetworkEvent = { key: 'txack:item', kind: 'txack', queueItemId: 'item', at: 81_000 }

const lightWith = (command: Command, seen: readonly string[] = []): Light => ({
  ...createLight(),
  wantedVersion: 1,
  sentVersion: 1,
  command,
  seen,
})

const whatBecame = (light: Light, event: NetworkEvent) =>
  inspected(light, { command: light.command ?? COMMAND, result: { result: 'gone', events: [event] } }, MOMENT)

describe('an item gone from the queue', () => {
  test('DOM-622: without an event it is lost', () => {
    const { records } = inspected(lightWith(COMMAND), { command: COMMAND, result: 'gone' }, MOMENT)
    expect(records).toMatchObject([{ to: 'queued', reason: 'no_txack' }])
  })

  test.each([
    ['never heard', []],
    ['heard by a run that did not finish its row', [TXACK.key]],
  ])('DOM-622: with a stored txack, %s, it is transmitted', (_, seen) => {
    const { light, records } = whatBecame(lightWith(COMMAND, seen), TXACK)
    expect(records).toMatchObject([{ to: 'transmitted', at: TXACK.at }])
    expect(light).toMatchObject({ command: null, proving: { command: { commandId: 'command' } } })
  })

  test('DOM-622: an event that settles nothing leaves it lost', () => {
    const { records } = whatBecame(lightWith(COMMAND), { ...TXACK, kind: 'log', code: 'UPLINK_CODEC' })
    expect(records).toMatchObject([{ to: 'queued', reason: 'no_txack' }])
  })

  test('DOM-627: a stored txack of the first copy asks for the second', () => {
    const { light, records } = whatBecame(lightWith({ ...COMMAND, repeat: 'due' }), TXACK)
    expect(records).toEqual([])
    expect(light.command).toMatchObject({ repeat: 'armed' })
  })

  test('DOM-627: the txack that asked for a second copy does not settle the command when that copy was lost', () => {
    const { records } = whatBecame(lightWith({ ...COMMAND, repeat: 'done' }, [TXACK.key]), TXACK)
    expect(records).toMatchObject([{ to: 'queued', reason: 'no_txack' }])
  })
})
