import type { Child, Launch } from './child'
import { createSupervisor, type ChildRecord } from './supervisor'

/** A child that exists only here: its pid belongs to nobody, so an end by signal finds it gone. */
function fakeChildren(): { start: (launch: Launch) => Child; end: (reason: string) => Promise<void>; started: string[] } {
  const started: string[] = []
  let report: (reason: string) => void = () => undefined
  const start = (launch: Launch): Child => {
    started.push(launch.name)
    const ended = new Promise<string>((resolve) => (report = resolve))
    return { identity: { pid: 2 ** 22 + started.length, startTime: 'never' }, ended }
  }
  const end = async (reason: string): Promise<void> => {
    report(reason)
    await new Promise(setImmediate) // lets the supervisor hear of it
  }
  return { start, end, started }
}

const LAUNCH: Launch = {
  name: 'api',
  command: 'node',
  args: [],
  cwd: '/',
  env: {},
  logFile: '/nowhere/api.log',
  account: null,
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10,
}

function setUp() {
  const children = fakeChildren()
  const delays: number[] = []
  const pending: (() => void)[] = []
  const changes: (readonly ChildRecord[])[] = []
  const supervisor = createSupervisor({
    say: () => undefined,
    onChange: (records) => changes.push(records),
    start: children.start,
    now: () => 0,
    schedule: (afterMs, work) => {
      delays.push(afterMs)
      pending.push(work)
      return () => void pending.splice(pending.indexOf(work), 1)
    },
  })
  return { ...children, supervisor, delays, pending, changes }
}

describe('supervisor', () => {
  it('OPS-004: a child that ends is started again after 1, 2, 4 and 8 s, and the fifth end gives up', async () => {
    const { supervisor, end, delays, pending, started } = setUp()
    supervisor.run(LAUNCH)
    for (let ends = 1; ends <= 4; ends += 1) {
      await end('exit code 1')
      pending.shift()?.()
    }
    await end('exit code 1')
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(started).toHaveLength(5)
    await expect(supervisor.gaveUp).resolves.toEqual({ name: 'api', reason: 'exit code 1', ends: 5, lastLines: [] })
  })

  it('OPS § 5: a child that refuses its configuration is not started again', async () => {
    const { supervisor, end, delays } = setUp()
    supervisor.run(LAUNCH)
    await end('exit code 78')
    expect(delays).toEqual([])
    await expect(supervisor.gaveUp).resolves.toMatchObject({ name: 'api', ends: 1 })
  })

  it('OPS-005: every start and end is told with what runs now', async () => {
    const { supervisor, end, changes, pending } = setUp()
    supervisor.run(LAUNCH)
    await end('signal SIGKILL')
    pending.shift()?.()
    expect(changes.map((records) => records.map(({ name, restarts }) => [name, restarts]))).toEqual([[['api', 0]], [], [['api', 1]]])
  })

  it('OPS-005: a stop cancels the restart that waits', async () => {
    const { supervisor, end, pending, started } = setUp()
    supervisor.run(LAUNCH)
    await end('exit code 1')
    await supervisor.stopAll(['api'])
    expect(pending).toEqual([])
    expect(started).toHaveLength(1)
    expect(supervisor.children()).toEqual([])
  })

  it('a child that ended while starting is an error for whoever waits for it', async () => {
    const { supervisor, end } = setUp()
    supervisor.run(LAUNCH)
    expect(() => supervisor.assertRunning('api')).not.toThrow()
    await end('exit code 1')
    expect(() => supervisor.assertRunning('api')).toThrow('api ended while starting')
  })
})
