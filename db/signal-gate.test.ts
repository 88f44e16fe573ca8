/** The gate in front of the workflow engine: closed for a moment after it was away, never by one bad message. */
import { createSignalGate } from './signal-gate'

const message = { kind: 'space', tenantId: 't', siteId: 's', spaceId: 'b', sequence: 1, cause: 'sensor' } as const

function createScene(error: () => Error | null) {
  const clock = { now: 0 }
  let calls = 0
  const signal = () => {
    calls += 1
    const failure = error()
    return failure === null ? Promise.resolve() : Promise.reject(failure)
  }
  return { clock, gate: createSignalGate(signal, () => clock.now), calls: () => calls }
}

test('D-31: after the engine was away it is left alone for five seconds', async () => {
  let failure: Error | null = new Error('failed to signal', { cause: Object.assign(new Error('no connection'), { code: 14 }) })
  const { clock, gate, calls } = createScene(() => failure)
  await expect(gate(message)).rejects.toThrow('failed to signal')
  await expect(gate(message)).rejects.toThrow('away a moment ago')
  expect(calls()).toBe(1)
  failure = null
  clock.now = 5_000
  await expect(gate(message)).resolves.toBeUndefined()
  await expect(gate(message)).resolves.toBeUndefined()
  expect(calls()).toBe(3)
})

test('D-73: one message that is refused closes nothing', async () => {
  const { gate, calls } = createScene(() => Object.assign(new Error('invalid argument'), { code: 3 }))
  await expect(gate(message)).rejects.toThrow('invalid argument')
  await expect(gate(message)).rejects.toThrow('invalid argument')
  expect(calls()).toBe(2)
})
