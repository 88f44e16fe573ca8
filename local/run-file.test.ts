import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimRunFile, readRunFile, writeRunFile } from './run-file'

describe('run.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parking-run-'))
  const file = join(folder, 'run.json')

  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(() => rmSync(file, { force: true }))

  it('OPS-006: the second start on a folder learns of the first', () => {
    expect(claimRunFile(file, 'http://localhost:8000')).toEqual({ claimed: true, stale: null })
    expect(claimRunFile(file, 'http://localhost:8001')).toMatchObject({ claimed: false, running: { url: 'http://localhost:8000' } })
  })

  it('OPS-005: the record of a dead supervisor is taken over and handed on', () => {
    claimRunFile(file, 'http://localhost:8000')
    const dead = { ...readRunFile(file)!, supervisor: { pid: 2 ** 22 + 1, startTime: 'gone' } }
    writeRunFile(file, dead)
    expect(claimRunFile(file, 'http://localhost:8000')).toEqual({ claimed: true, stale: dead })
  })

  it('a file that a crash left half written counts as none', () => {
    writeFileSync(file, '{"supervisor":')
    expect(readRunFile(file)).toBeNull()
  })
})
