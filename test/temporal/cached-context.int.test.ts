/** Two workflows of a type in one cached context behave as each does alone: nothing in `workflows` or `domain` is shared (Q-WFE-10). */
import { displayStatus } from '#workflows/display-delivery/messages'
import { outcomesOf } from './light-effects'
import { openLight } from './scenarios/display-delivery'
import { createWorkflowKit, type WorkflowKit } from './workflow-kit'

describe('one cached context', () => {
  let kit: WorkflowKit
  beforeAll(async () => {
    kit = await createWorkflowKit({ time: 'real' })
  }, 60_000)
  afterAll(() => kit.close())

  test('Q-WFE-10: two lights, told in turn, each end where one told alone does', async () => {
    const alone = await playAlone('alone')
    const [one, other] = [openLight(kit, 'one'), openLight(kit, 'other')]
    const rows = { delivery: byDevice(one, other, 'rows'), network: byDevice(one, other, 'network') }
    await kit.withWorkers(rows, async () => {
      for (const light of [one, other]) await light.want(1)
      for (const light of [one, other]) await light.sent(1)
      for (const light of [other, one]) await light.txack()
      for (const light of [one, other]) await light.became('transmitted')
      for (const light of [one, other]) {
        expect(outcomesOf(light.light)).toEqual(alone.outcomes)
        expect(await light.handle.query(displayStatus)).toMatchObject(alone.status)
        await light.handle.terminate()
      }
    })
  })

  async function playAlone(name: string) {
    const light = openLight(kit, name)
    return light.run(async () => {
      await light.want(1)
      await light.sent(1)
      await light.txack()
      await light.became('transmitted')
      const { wantedVersion, sentVersion, status, attemptNo } = await light.handle.query(displayStatus)
      await light.handle.terminate()
      return { outcomes: outcomesOf(light.light), status: { wantedVersion, sentVersion, status, attemptNo } }
    })
  }
})

type Opened = ReturnType<typeof openLight>
type Effect = (input: { readonly deviceId: string }) => Promise<unknown>

/** Sends each effect to the light that it is for. */
function byDevice(one: Opened, other: Opened, part: 'rows' | 'network'): Record<string, Effect> {
  const effectsOf = (light: Opened) => light.light[part] as unknown as Record<string, Effect> // ports of one input each, seen by name
  const choose = (deviceId: string) => effectsOf(deviceId === one.display.deviceId ? one : other)
  return Object.fromEntries(
    Object.keys(effectsOf(one)).map((name) => [
      name,
      (input: { readonly deviceId: string }) => choose(input.deviceId)[name]?.(input) ?? Promise.reject(new Error(name)),
    ]),
  )
}
