import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { endStaleChildren } from './stale-children'
import { identify, isAlive, type ProcessIdentity } from './process-identity'
import type { ChildRecord } from './supervisor'

function sleeper(): { child: ChildProcess; identity: ProcessIdentity } {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore', detached: true })
  const identity = identify(child.pid ?? 0)
  if (!identity) throw new Error('the child did not start')
  return { child, identity }
}

const record = (identity: ProcessIdentity): ChildRecord => ({ ...identity, name: 'api', stopSignal: 'SIGTERM', since: '', restarts: 0 })

describe('a process, told by pid and start time', () => {
  it('OPS-005: is alive while it runs and gone when it has ended', async () => {
    const { child, identity } = sleeper()
    expect(isAlive(identity)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(identity)).toBe(false)
  })

  it('OPS-005: a later process of the same pid is another one', () => {
    const own = identify(process.pid)
    expect(own && isAlive({ ...own, startTime: 'earlier' })).toBe(false)
  })

  it('OPS-005: what a killed supervisor left is ended, a stranger with its pid is not', async () => {
    const stale = sleeper()
    const stranger = sleeper()
    const ended = await endStaleChildren([record(stale.identity), record({ ...stranger.identity, startTime: 'earlier' })])
    expect(ended).toEqual(['api'])
    expect(isAlive(stale.identity)).toBe(false)
    expect(isAlive(stranger.identity)).toBe(true)
    stranger.child.kill('SIGKILL')
  })
})
