/** What a killed test run left is found by the next one: its children end, its folder goes; a living run is left alone. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identify, isAlive, type ProcessIdentity } from './process-identity'
import { writeRunFile } from './run-file'
import { sweepTestFolders } from './test-folder'

const GONE: ProcessIdentity = { pid: 2 ** 22 + 1, startTime: 'gone' }

describe('folders of test runs', () => {
  const parent = mkdtempSync(join(tmpdir(), 'parking-sweep-'))

  afterAll(() => rmSync(parent, { recursive: true, force: true }))

  function makeRun(path: string, supervisor: ProcessIdentity): ProcessIdentity {
    mkdirSync(path, { recursive: true })
    const child = identify(spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore', detached: true }).pid ?? 0)
    if (!child) throw new Error('the child did not start')
    const processes = [{ ...child, name: 'redis', stopSignal: 'SIGTERM', since: '', restarts: 0 } as const]
    writeRunFile(join(path, 'run.json'), { supervisor, url: '', state: 'ready', since: '', services: [], processes, endpoints: null })
    return child
  }

  it('OPS-025: a killed run and the stack that one of its suites had started are both ended and deleted', async () => {
    const killed = join(parent, 'parking-test-killed')
    const children = [makeRun(killed, GONE), makeRun(join(killed, 'tmp', 'parking-stack-inner'), GONE)]
    await sweepTestFolders(parent)
    expect(children.filter(isAlive)).toEqual([])
    expect(existsSync(killed)).toBe(false)
  })

  it('OPS-025: a run that lives beside this one is not touched', async () => {
    const own = identify(process.pid)
    const living = join(parent, 'parking-test-living')
    const child = makeRun(living, own ?? GONE)
    await sweepTestFolders(parent)
    expect(isAlive(child)).toBe(true)
    expect(existsSync(living)).toBe(true)
    process.kill(child.pid, 'SIGKILL')
  })
})
