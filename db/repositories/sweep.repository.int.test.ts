/** What the sweep finds silent, by the interval that a light was given (DOM-231). */
import { createFactories, type Factories } from '#test/factories/factories'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'

const MODEL = 'plenom-busylight'
const MINUTE_MS = 60_000

let database: TestDatabase
let make: Factories
beforeAll(async () => {
  database = await createTestDatabase()
  make = createFactories(database.pool)
})
afterAll(() => database.close())

/** Whether a light that was heard so long ago, and configured so, is silent. */
async function isSilent(minutesAgo: number, config: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  const columns = { last_seen_at: new Date(Date.now() - minutesAgo * MINUTE_MS), config: JSON.stringify(config) }
  const { deviceId } = await make.device({ tenantId, spaceId, kind: 'display', model: MODEL, columns })
  const silent = await database.unitOfWork.withTenant({ tenantId }, ({ sweep }) => sweep.newlySilentDisplays([MODEL]))
  return silent.some((display) => display.deviceId === deviceId)
}

describe('DOM-231: a light is silent after 2.5 of its intervals', () => {
  test.each([
    ['not configured, 74 min', { minutesAgo: 74, config: {}, expected: false }],
    ['not configured, 76 min', { minutesAgo: 76, config: {}, expected: true }],
    ['every 10 min, 24 min', { minutesAgo: 24, config: { status_interval_seconds: 600 }, expected: false }],
    ['every 10 min, 26 min', { minutesAgo: 26, config: { status_interval_seconds: 600 }, expected: true }],
    ['every 450.5 s, 20 min', { minutesAgo: 20, config: { status_interval_seconds: 450.5 }, expected: true }],
    ['a word for a number, 74 min', { minutesAgo: 74, config: { status_interval_seconds: 'often' }, expected: false }],
    ['nothing for a number, 76 min', { minutesAgo: 76, config: { status_interval_seconds: null }, expected: true }],
  ] as const)('%s', async (_what, { minutesAgo, config, expected }) => {
    expect(await isSilent(minutesAgo, config)).toBe(expected)
  })
})
