/** What is published reaches stream and channel, as one and in order (DOM-1109, API-863). */
import { randomUUID } from 'node:crypto'
import { createEventPublisher, eventStreamKey } from './events'
import { createRedis, createRedisSubscriber } from './redis'
import { testServices } from '#test/harness/services'
import { until } from '#test/harness/until'
import type { FeedEvent } from '#domain/shared/outbox'

const options = () => ({ url: testServices().redisUrl, onError: () => undefined })

const createEvent = (tenantId: string, sequence: number): FeedEvent => ({
  eventId: randomUUID(),
  type: 'space:update',
  channels: ['spaces'],
  tenantId,
  at: sequence,
  data: { sequence, text: 'é "quoted" \\ back' },
})

test('DOM-1109: stream entry and message carry the same event and cursor, cursors in the order of the channel', async () => {
  const redis = createRedis(options())
  const subscriber = createRedisSubscriber(options())
  const tenantId = randomUUID()
  const heard: { cursor: string; event: FeedEvent }[] = []
  subscriber.on('message', (_channel, text) => {
    const message = JSON.parse(text) as { cursor: string; event: FeedEvent }
    if (message.event.tenantId === tenantId) heard.push(message)
  })
  await subscriber.subscribe('feed')
  await until(() => redis.status === 'ready')
  const events = [1, 2, 3].map((sequence) => createEvent(tenantId, sequence))
  await createEventPublisher(redis).publish(events)
  await until(() => heard.length === events.length)
  const entries = await redis.xrange(eventStreamKey(tenantId), '-', '+')
  expect(entries.map(([cursor, fields]) => ({ cursor, event: JSON.parse(fields[1] ?? '') as FeedEvent }))).toEqual(heard)
  expect(heard.map(({ event }) => event)).toEqual(events)
  expect(await redis.pttl(eventStreamKey(tenantId))).toBeGreaterThan(0)
  redis.disconnect()
  subscriber.disconnect()
})

test('Q-TRP-50: while Redis is away a publication fails at once instead of waiting', async () => {
  const redis = createRedis({ url: 'redis://127.0.0.1:1', onError: () => undefined })
  await expect(createEventPublisher(redis).publish([createEvent(randomUUID(), 1)])).rejects.toThrow()
  redis.disconnect()
})
