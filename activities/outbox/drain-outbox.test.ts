/** When one run of the relay ends (WF-210). */
import { createDrainOutbox } from './drain-outbox'

/** Settles as many rows a pass as told, then nothing. */
function createDispatcher(passes: readonly number[]) {
  const left = [...passes]
  const drain = jest.fn(() => Promise.resolve(left.shift() ?? 0))
  return { drain, dispatcher: { settle: () => Promise.resolve(), drain } }
}

afterEach(() => jest.restoreAllMocks())

test('WF-210: goes on while a pass settles something, and adds up', async () => {
  const { drain, dispatcher } = createDispatcher([200, 200, 3])
  expect(await createDrainOutbox({ dispatcher })()).toEqual({ drained: 403 })
  expect(drain).toHaveBeenCalledTimes(4)
})

test('WF-210: a pass that settles nothing is the last, however many rows wait', async () => {
  const { drain, dispatcher } = createDispatcher([0, 200])
  expect(await createDrainOutbox({ dispatcher })()).toEqual({ drained: 0 })
  expect(drain).toHaveBeenCalledTimes(1)
})

test('WF-210: ends after 8 s', async () => {
  const { drain, dispatcher } = createDispatcher([200, 200, 200])
  const start = Date.now()
  jest.spyOn(Date, 'now').mockImplementation(() => start + drain.mock.calls.length * 4_000)
  expect(await createDrainOutbox({ dispatcher })()).toEqual({ drained: 400 })
})
