import { PREFERRED_PORTS } from '../ports'
import type { Secrets } from '../secrets'
import type { Endpoints } from './endpoints'
import { apiEnvironment, commandEnvironment, listenerEnvironment, workerEnvironment, type ProductInput } from './product-environment'

const ENDPOINTS: Endpoints = {
  database: {
    adminUrl: 'postgres://postgres:root-secret@127.0.0.1:54320/postgres',
    ownerUrl: 'postgres://parking_owner:owner-secret@127.0.0.1:54320/parking',
    appUrl: 'postgres://parking_app:app-secret@127.0.0.1:54320/parking',
    name: 'parking',
  },
  redisUrl: 'redis://:r@127.0.0.1:63790',
  mqttUrl: 'mqtt://127.0.0.1:18830',
  mqttUsername: 'listener',
  mqttPassword: 'listener-secret',
  simulatorMqttUrl: 'mqtt://chirpstack:c@127.0.0.1:18830',
  temporalAddress: '127.0.0.1:17233',
  temporalUiUrl: 'http://127.0.0.1:18233/temporal/',
  chirpstackUrl: 'http://127.0.0.1:18080',
  chirpstackApiToken: 'token',
  simulatorControlPort: 18085,
}
const SECRETS = new Proxy({}, { get: (_target, name) => `made-${String(name)}` }) as Secrets // any name gives a value

const input = (env: NodeJS.ProcessEnv): ProductInput => ({
  env,
  endpoints: ENDPOINTS,
  secrets: SECRETS,
  ports: PREFERRED_PORTS,
  front: { host: '127.0.0.1', port: 8000, url: 'http://localhost:8000' },
  dataPath: '/data',
})

describe('environment of the programs', () => {
  it('D-13: what serves gets the serving role and never the owner or the superuser', () => {
    for (const build of [apiEnvironment, listenerEnvironment, workerEnvironment]) {
      const values = Object.values(build(input({ DATABASE_OWNER_URL: ENDPOINTS.database.ownerUrl }))).join(' ')
      expect(values).toContain('app-secret')
      expect(values).not.toMatch(/owner-secret|root-secret/)
    }
  })

  it('D-13: migrations get the owner', () => {
    expect(commandEnvironment(input({}))).toMatchObject({ DATABASE_OWNER_URL: ENDPOINTS.database.ownerUrl })
  })

  it('OPS § 5: what the operator set wins over what was made here', () => {
    expect(apiEnvironment(input({ JWT_SECRET: 'mine', LOG_PRETTY: 'false' }))).toMatchObject({ JWT_SECRET: 'mine', LOG_PRETTY: 'false' })
  })

  it('OPS-100: a secret given as a file stays a file', () => {
    const env = apiEnvironment(input({ JWT_SECRET_FILE: '/run/secrets/jwt' }))
    expect(env['JWT_SECRET']).toBeUndefined()
    expect(env['JWT_SECRET_FILE']).toBe('/run/secrets/jwt')
  })
})
