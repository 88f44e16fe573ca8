import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canReach, findAccount } from './account'

const PASSWD = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/sbin/nologin\ntoor:x:0:0::/root:/bin/sh\n'

describe('the account of PostgreSQL', () => {
  it('OPS-010: is read from passwd and never equals root', () => {
    expect(findAccount(PASSWD, 'nobody')).toEqual({ name: 'nobody', uid: 65534, gid: 65534 })
    expect(findAccount(PASSWD, 'toor')).toBeUndefined()
    expect(findAccount(PASSWD, 'postgres')).toBeUndefined()
  })

  it('OPS-010: does not reach what lies below a closed folder', () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'parking-reach-'))
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    const account = { name: 'stranger', uid: 4_294_967, gid: 4_294_967 }
    chmodSync(folder, 0o755)
    chmodSync(closed, 0o700)
    expect(canReach(account, closed)).toBe(true)
    expect(canReach(account, join(closed, 'data'))).toBe(false)
    expect(canReach(null, join(closed, 'data'))).toBe(true)
    rmSync(folder, { recursive: true })
  })
})
