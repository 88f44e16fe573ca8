import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSecrets } from './secrets'

describe('secrets of a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parking-secrets-'))
  const file = join(folder, 'secrets.json')
  const mode = (): number => statSync(file).mode & 0o777

  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(() => rmSync(file, { force: true }))

  it('OPS-021: made at the first start, readable by the owner only, kept over restarts', () => {
    const first = loadSecrets(file)
    expect(mode()).toBe(0o600)
    expect(loadSecrets(file)).toEqual(first)
  })

  it('OPS-105: all different, the signing secret of 32 bytes or more, the encryption key of 32 bytes in base64', () => {
    const secrets = loadSecrets(file)
    expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length)
    expect(Buffer.byteLength(secrets.jwtSecret)).toBeGreaterThanOrEqual(32)
    expect(Buffer.from(secrets.encryptionKey, 'base64')).toHaveLength(32)
  })

  it('OPS-021: a newer version adds what it needs and changes nothing else', () => {
    const { metricsToken: _absent, ...older } = loadSecrets(file)
    writeFileSync(file, JSON.stringify(older))
    expect(loadSecrets(file)).toMatchObject(older)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('metricsToken')
  })

  it('OPS-021: a file that others could read is closed again', () => {
    loadSecrets(file)
    chmodSync(file, 0o644)
    loadSecrets(file)
    expect(mode()).toBe(0o600)
  })
})
