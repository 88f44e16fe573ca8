/** LW-156: enough for a car park of ten thousand bays on one core, in bounded memory. */
import { startTestServer } from './test-support'
import { APPLICATION, SENSOR_PROFILE, TEST_WORLD } from './test-world'

const DEVICES = 2_000
const LEAST_PER_SECOND = 500

const devices = Array.from({ length: DEVICES }, (_, index) => ({
  devEui: (0x1000_0000 + index).toString(16).padStart(16, '0'),
  ...{ name: `S${index}`, model: 'browan-tbms100', applicationId: APPLICATION, profileId: SENSOR_PROFILE },
}))

it(`LW-156: at least ${LEAST_PER_SECOND} uplinks a second`, async () => {
  const test = await startTestServer({ world: { ...TEST_WORLD, devices }, powerUpSpreadMs: 1_000 })
  const before = test.server.journal.count('event')
  const started = process.cpuUsage()
  for (const { devEui } of devices) test.server.control.setCar(devEui, true)
  await test.advance(5_000)
  const seconds = process.cpuUsage(started).user / 1e6
  const uplinks = test.server.journal.count('event') - before
  await test.close()
  expect(uplinks).toBeGreaterThanOrEqual(DEVICES)
  expect(uplinks / seconds).toBeGreaterThan(LEAST_PER_SECOND)
})

it('LW-156: the journal forgets its oldest entries rather than grow for ever, and still hashes all', async () => {
  const test = await startTestServer()
  const { journal } = test.server
  const first = journal.sha256()
  for (let index = 0; index < 100_001; index++) journal.add({ type: 'control', at: index, what: 'x', subject: '' })
  expect(journal.entries().length).toBeLessThanOrEqual(100_000)
  expect(journal.count('control')).toBe(100_001)
  expect(journal.sha256()).not.toBe(first)
  await test.close()
})
