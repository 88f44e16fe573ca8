/** What follows a commit: one at a time per bay, the newest row of each, never without bound (DOM-909). */
import type { OutboxRow } from '#domain/shared/outbox'
import { createFollowUpQueue } from './follow-up-queue'

const row = (target: string, version: number): OutboxRow => ({ tenantId: 't', target, version, facts: [], message: null, events: [] })

test('DOM-909: rows of one target are settled one after another, and only the newest of those that wait', async () => {
  const settled: string[] = []
  const doors: (() => void)[] = []
  const queue = createFollowUpQueue<OutboxRow>({
    settle: ({ target, version }) => {
      settled.push(`${target}${version}`)
      return new Promise((resolve) => doors.push(resolve))
    },
  })
  queue.push([row('a', 1), row('b', 1)])
  queue.push([row('a', 2)])
  queue.push([row('a', 3)])
  expect(settled).toEqual(['a1', 'b1'])
  doors[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect(settled).toEqual(['a1', 'b1', 'a3'])
  for (const open of doors) open()
  await queue.idle()
})

test('DOM-909: what does not fit is left to the relay', async () => {
  const settled: string[] = []
  const queue = createFollowUpQueue<OutboxRow>({
    settle: ({ target }) => Promise.resolve(void settled.push(target)),
    concurrency: 1,
    maxWaiting: 1,
  })
  queue.push([row('a', 1)])
  queue.push([row('b', 1), row('c', 1)])
  await queue.idle()
  expect(settled).toEqual(['a', 'b'])
})
