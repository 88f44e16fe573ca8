import { readSimulatorConfig } from './config'

const LEAST = { MQTT_URL: 'mqtt://localhost', SIM_WORLD: '/world.json' }

it('H-60: needs a broker and a world, the rest has defaults', () => {
  expect(readSimulatorConfig(LEAST)).toEqual({
    ...{ seed: 7, carSpeed: 1, grpcPort: 0, controlPort: 0, mqttUrl: 'mqtt://localhost', region: 'EU868', worldPath: '/world.json' },
    ...{ adminToken: null, journalPath: null },
  })
})

it('takes 0 as no cars', () => expect(readSimulatorConfig({ ...LEAST, SIMULATOR_SPEED: '0' }).carSpeed).toBe(0))

it.each([
  [{ SIM_WORLD: '/world.json' }, 'MQTT_URL'],
  [{ MQTT_URL: 'mqtt://localhost' }, 'SIM_WORLD'],
  [{ ...LEAST, SIMULATOR_SPEED: 'fast' }, 'SIMULATOR_SPEED'],
  [{ ...LEAST, SIM_GRPC_PORT: '-1' }, 'SIM_GRPC_PORT'],
  [{ ...LEAST, SIM_REGION: 'moon' }, 'SIM_REGION'],
])('stops with the name of what is wrong: %j', (env, name) => {
  expect(() => readSimulatorConfig(env)).toThrow(name)
})
