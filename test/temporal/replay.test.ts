/** Every workflow type has recorded histories, and every one replays against this build (Q-WFE-03). */
import { join } from 'node:path'
import { buildWorkflowBundle } from '#temporal/build-bundle'
import * as workflows from '#workflows/index'
import { readHistories, type RecordedHistory } from './histories'
import { installQuietRuntime } from './quiet-runtime'
import { failuresOf } from './replay'

const ENTRY = join(__dirname, '..', '..', 'workflows', 'index.ts')
const histories = readHistories()
const typeOf = ({ history }: RecordedHistory) => history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? ''

beforeAll(installQuietRuntime)

describe('recorded histories', () => {
  test('Q-WFE-03: every exported workflow has one', () => {
    const recorded = new Set(histories.map(typeOf))
    expect(Object.keys(workflows).filter((type) => !recorded.has(type))).toEqual([])
  })

  test('Q-WFE-03: every one replays against this build', async () => {
    const bundle = await buildWorkflowBundle({ entry: ENTRY, condition: 'source' })
    expect(await failuresOf(bundle, histories)).toEqual([])
  }, 120_000)

  test('Q-WFE-01: none names the machine or the person that recorded it', () => {
    const identities = histories.flatMap(({ history }) => JSON.stringify(history).match(/"identity":"[^"]*"/g) ?? [])
    expect(new Set(identities)).toEqual(new Set(['"identity":"recorder"']))
  })
})
