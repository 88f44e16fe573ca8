import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFolderPath, openDataFolder, removeDataFolder } from './data-folder'

describe('data folder', () => {
  const parent = mkdtempSync(join(tmpdir(), 'parking-data-'))

  afterAll(() => rmSync(parent, { recursive: true, force: true }))

  it('OPS-021: is .data in the repository unless PARKING_DATA_DIR says otherwise', () => {
    expect(dataFolderPath({}, '/repository')).toBe('/repository/.data')
    expect(dataFolderPath({ PARKING_DATA_DIR: '/elsewhere' }, '/repository')).toBe('/elsewhere')
  })

  it('keeps its folders from others, as they hold passwords and personal data', () => {
    const data = openDataFolder(join(parent, 'private'))
    expect(statSync(data.redis).mode & 0o777).toBe(0o700)
    expect(statSync(data.logs).mode & 0o777).toBe(0o700)
  })

  it('OPS-002: its removal spares what a link of someone else points at', () => {
    const data = openDataFolder(join(parent, 'linked'))
    const foreign = join(parent, 'foreign', 'postgres')
    mkdirSync(foreign, { recursive: true })
    symlinkSync(foreign, join(data.path, 'postgres'))
    removeDataFolder(data.path)
    expect(existsSync(data.path)).toBe(false)
    expect(existsSync(foreign)).toBe(true)
  })
})
