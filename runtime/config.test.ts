import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadConfig } from './config'

const SECRET = 'a'.repeat(32)
const base = {
  DATABASE_URL: 'postgres://parking_app:x@127.0.0.1:1/parking',
  REDIS_URL: 'redis://127.0.0.1:1',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  JWT_SECRET: SECRET,
  ENCRYPTION_KEY: 'b'.repeat(32),
}

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig('api', environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loadConfig', () => {
  test('H-60: reads defaults, camel-cases names and freezes the result', () => {
    const config = loadConfig('api', base)
    expect(config.databasePoolMax).toBe(20)
    expect(config.accessTokenTtlSeconds).toBe(900)
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('OPS-100: names every missing or wrong variable at once', () => {
    const problems = problemsOf({ DATABASE_URL: 'nonsense', PORT: '70000' })
    for (const name of ['DATABASE_URL', 'PORT', 'REDIS_URL', 'TEMPORAL_ADDRESS', 'JWT_SECRET', 'ENCRYPTION_KEY']) {
      expect(problems.some((problem) => problem.startsWith(name))).toBe(true)
    }
  })

  test('OPS-100: takes a secret from a file, refuses both spellings, an empty and a missing file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'))
    writeFileSync(join(folder, 'jwt'), `${'c'.repeat(40)}\n`)
    writeFileSync(join(folder, 'empty'), '\n')
    const { JWT_SECRET: _given, ...rest } = base
    expect(loadConfig('api', { ...rest, JWT_SECRET_FILE: join(folder, 'jwt') }).jwtSecret).toBe('c'.repeat(40))
    expect(problemsOf({ ...base, JWT_SECRET_FILE: join(folder, 'jwt') })).toContainEqual(expect.stringMatching(/^JWT_SECRET: set it or/))
    expect(problemsOf({ ...rest, JWT_SECRET_FILE: join(folder, 'empty') })).toContainEqual(
      expect.stringMatching(/^JWT_SECRET_FILE: .*empty/),
    )
    expect(problemsOf({ ...rest, JWT_SECRET_FILE: join(folder, 'absent') })).toContainEqual(expect.stringMatching(/^JWT_SECRET_FILE/))
  })

  test('Q-HOS-27: production refuses short or repeated secrets, wildcard CORS, plain http and test switches, by name', () => {
    const problems = problemsOf({
      ...base,
      NODE_ENV: 'production',
      ENCRYPTION_KEY: SECRET,
      CORS_ORIGINS: '*',
      PUBLIC_URL: 'http://x.example',
      RATE_LIMIT_ENABLED: 'false',
      CLOCK_OFFSET_MS: '5',
      DEMO_DATA: 'true',
    })
    for (const name of ['ENCRYPTION_KEY', 'CORS_ORIGINS', 'PUBLIC_URL', 'RATE_LIMIT_ENABLED', 'CLOCK_OFFSET_MS', 'DEMO_DATA']) {
      expect(problems.some((problem) => problem.startsWith(name))).toBe(true)
    }
  })

  test('OPS-012: an empty group is a choice, any other empty variable is unset', () => {
    const listener = {
      DATABASE_URL: base.DATABASE_URL,
      REDIS_URL: base.REDIS_URL,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      MQTT_URL: 'mqtt://127.0.0.1:1',
      MQTT_SHARED_GROUP: '',
      HEALTH_PORT: '',
    }
    const { mqttSharedGroup, healthPort } = loadConfig('listener', listener)
    expect([mqttSharedGroup, healthPort]).toEqual(['', 8081])
  })

  test('OPS-100: no problem text carries a value', () => {
    expect(problemsOf({ ...base, DATABASE_URL: 'hunter2-not-a-url' }).join()).not.toContain('hunter2')
  })
})
