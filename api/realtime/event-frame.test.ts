/** One event, written once. */
import type { FeedEvent } from '#domain/shared/outbox'
import { createEventFrame } from './event-frame'

it('Q-DSG-04: the data of one event is written to JSON once, however many sockets and channels it goes to', () => {
  let written = 0
  const data = { toJSON: () => ({ sequence: (written += 1) }) }
  const event: FeedEvent = { eventId: 'e', type: 'space:update', channels: ['spaces', 'space:x'], tenantId: 't', at: 0, data }
  const frame = createEventFrame('1-0', event)
  const bytes = ['spaces', 'spaces', 'space:x', null].map((channel) => frame.bytesFor(channel))
  expect(written).toBe(1)
  expect(bytes[0]).toBe(bytes[1])
  expect(bytes.map((each) => JSON.parse(each.toString()).channel)).toEqual(['spaces', 'spaces', 'space:x', null])
})
