import type { ServiceInfo } from '../run-file'
import type { Endpoints } from './endpoints'
import { listServices } from './list-services'
import type { StartedServices } from './services'

const OURS: ServiceInfo = { name: 'postgresql', url: 'postgres://postgres:a@127.0.0.1:54320/postgres', source: 'package', version: '18.4' }
const NOTHING: StartedServices = { postgres: null, redis: null, mqtt: null, temporal: null, temporalUi: null }

function endpoints(adminUrl: string | null): Endpoints {
  const appUrl = 'postgres://parking_app:b@db:5432/parking'
  return {
    database: { adminUrl, ownerUrl: 'postgres://parking_owner:c@db:5432/parking', appUrl, name: 'parking' },
    redisUrl: 'redis://cache',
    mqttUrl: 'mqtt://broker',
    mqttUsername: undefined,
    mqttPassword: undefined,
    simulatorMqttUrl: 'mqtt://broker',
    temporalAddress: 'temporal:7233',
    temporalUiUrl: null,
    chirpstackUrl: 'http://127.0.0.1:18080',
    chirpstackApiToken: 'token',
    simulatorControlPort: 18085,
  }
}

describe('list of services', () => {
  it('OPS-003: our own PostgreSQL is named with the database of the product', () => {
    const [first] = listServices({ ...NOTHING, postgres: OURS }, endpoints(OURS.url))
    expect(first).toMatchObject({ name: 'postgresql', url: 'postgres://postgres:a@127.0.0.1:54320/parking' })
  })

  it('OPS-013: beside an external database our own serves Temporal alone', () => {
    const names = listServices({ ...NOTHING, postgres: OURS }, endpoints(null)).map(({ name, source }) => [name, source])
    expect(names.slice(0, 2)).toEqual([
      ['postgresql', 'environment'],
      ['postgresql-temporal', 'package'],
    ])
  })

  it('OPS-003: what the environment names is listed with that source, the network server with its token', () => {
    const services = listServices(NOTHING, endpoints(null))
    expect(services.map(({ name }) => name)).toEqual(['postgresql', 'redis', 'mqtt', 'temporal', 'chirpstack'])
    expect(services.at(-1)).toMatchObject({ url: 'http://:token@127.0.0.1:18080', source: 'simulator' })
  })
})
