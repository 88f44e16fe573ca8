/** The services of a test stack start in a temporary folder, answer with their credentials, and leave nothing behind. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDataFolder } from '../data-folder'
import { isPortFree } from '../ports'
import { isAlive } from '../process-identity'
import { repositoryRoot } from '../repository'
import { queryRows } from '../services/postgres'
import { startServiceStack, type ServiceStack } from './service-stack'

const WANTED = { postgres: true, redis: true, mqtt: true, temporal: false }

describe('a stack of services in a temporary folder', () => {
  const dataPath = mkdtempSync(join(tmpdir(), 'parking-local-'))
  let stack: ServiceStack

  beforeAll(async () => {
    stack = await startServiceStack({
      root: repositoryRoot(),
      dataPath,
      mode: 'test',
      wanted: WANTED,
      env: process.env,
      say: () => undefined,
      signal: new AbortController().signal,
      onChange: () => undefined,
    })
  })

  afterAll(async () => {
    await stack.stop()
    removeDataFolder(dataPath)
  })

  it('OPS-010: PostgreSQL answers its superuser by password and checks it', async () => {
    const url = stack.services.postgres?.url ?? ''
    expect(await queryRows(url, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(queryRows(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/)
  })

  it('OPS-005: a stop leaves no child and no port', async () => {
    const children = stack.supervisor.children()
    expect(children.map((child) => child.name).sort()).toEqual(['mosquitto', 'postgres', 'redis'])
    await stack.stop()
    const { postgres, redis, mqtt, mqttWebsocket } = stack.context.ports
    expect(children.filter(isAlive)).toEqual([])
    expect(await Promise.all([postgres, redis, mqtt, mqttWebsocket].map((port) => isPortFree(port)))).toEqual([true, true, true, true])
  })
})
