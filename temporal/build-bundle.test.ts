/** Bundle: its size, and the absence of packages that workflow code must never reach (H-04.3, Q-WFE-08). */
import { join } from 'node:path'
import { buildWorkflowBundle } from './build-bundle'

const ENTRY = join(__dirname, '..', 'workflows', 'index.ts')
const MAX_BYTES = 2.2 * 1024 * 1024
const HEAVY = ['typeorm', 'pg', 'zod', 'koa', 'ioredis', 'mqtt', '@temporalio/client', '@grpc/grpc-js', 'pino']

describe('the workflow bundle', () => {
  let code = ''
  beforeAll(async () => {
    code = (await buildWorkflowBundle({ entry: ENTRY, condition: 'source' })).code
  }, 60_000)

  test('Q-WFE-08: is at most 2.2 MB', () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(MAX_BYTES)
  })

  test.each(HEAVY)('H-04.3: contains nothing of %s', (name) => {
    expect(code).not.toContain(`node_modules/${name}/`)
  })

  test('contains the rules and every workflow type', () => {
    for (const type of ['spaceOccupancy', 'displayDelivery', 'gatewayWatch', 'minuteSweep', 'outboxRelay', 'displayReconcile']) {
      expect(code).toContain(type)
    }
    expect(code).toContain('domain/display/light-next.ts')
  })
})
