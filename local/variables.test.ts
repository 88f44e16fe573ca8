import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isEnabled, readVariable, withVariables } from './variables'

describe('variables of the environment', () => {
  it('OPS-100: a secret may come as a file, one trailing newline is dropped', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parking-variables-'))
    writeFileSync(join(folder, 'url'), 'redis://one\n')
    expect(readVariable({ REDIS_URL_FILE: join(folder, 'url') }, 'REDIS_URL')).toBe('redis://one')
    rmSync(folder, { recursive: true })
  })

  it('OPS-100: what is set replaces its file, since a process refuses both', () => {
    expect(withVariables({ REDIS_URL_FILE: '/a', PATH: '/b' }, { REDIS_URL: 'redis://two', MQTT_URL: undefined })).toEqual({
      PATH: '/b',
      REDIS_URL: 'redis://two',
    })
  })

  it.each([
    [undefined, true],
    ['true', true],
    ['false', false],
    ['off', false],
    ['0', false],
  ])('OPS-023: a switch set to %s is %s', (value, expected) => {
    expect(isEnabled({ DEMO_DATA: value }, 'DEMO_DATA')).toBe(expected)
  })
})
