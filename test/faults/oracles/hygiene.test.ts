import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBadAnswers, findBadLines } from './hygiene'

describe('O9 sees', () => {
  test('a 500 and a driver’s words, not an honest 503', () => {
    expect(findBadAnswers([{ what: 'GET /x', status: 503, body: '{"code":"server.unavailable"}' }])).toEqual([])
    expect(findBadAnswers([{ what: 'GET /x', status: 500, body: '{}' }])).toHaveLength(1)
    expect(findBadAnswers([{ what: 'GET /x', status: 503, body: 'connect ECONNREFUSED 127.0.0.1' }])).toHaveLength(1)
  })

  test('a secret and an unhandled error in a log', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parking-hygiene-'))
    mkdirSync(join(dataDir, 'logs'))
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ redisPassword: 'swordfish-1234' }))
    writeFileSync(join(dataDir, 'logs', 'api.log'), 'all well\nredis://:swordfish-1234@x\nUnhandledRejection: oh\n')
    expect(findBadLines(dataDir)).toHaveLength(2)
    rmSync(dataDir, { recursive: true, force: true })
  })
})
