/** What a client says is read without ever throwing. */
import fc from 'fast-check'
import { parseClientMessage } from './client-message'

describe('parseClientMessage', () => {
  it.each([
    ['{"type":"ping"}', { type: 'ping' }],
    ['{"type":"subscribe","channel":"spaces"}', { type: 'subscribe', channels: ['spaces'], cursor: null }],
    [
      '{"type":"subscribe","channel":"spaces","channels":["devices","spaces"],"cursor":"1-0"}',
      { type: 'subscribe', channels: ['spaces', 'devices'], cursor: '1-0' },
    ],
    ['{"type":"unsubscribe","channels":["alerts"]}', { type: 'unsubscribe', channels: ['alerts'] }],
    ['{"type":"resume","cursor":"1-0"}', { type: 'resume', cursor: '1-0' }],
    ['{"type":"auth","token":"t"}', { type: 'auth', token: 't' }],
  ])('API-880…884: reads %s', (text, message) => expect(parseClientMessage(text)).toEqual(message))

  it.each(['', 'no', '[]', '1', 'null', '"ping"'])('API-885: %s is no JSON message', (text) =>
    expect(parseClientMessage(text)).toEqual({ type: 'refused', message: 'Invalid JSON message' }),
  )

  it('API-885: names an unknown type, shortened', () => {
    expect(parseClientMessage('{"type":"shout"}')).toEqual({ type: 'refused', message: 'Unknown message type: shout' })
    expect(parseClientMessage('{"type":"toString"}')).toMatchObject({ type: 'refused' })
    expect(JSON.stringify(parseClientMessage(JSON.stringify({ type: 'x'.repeat(9000) }))).length).toBeLessThan(200)
  })

  it.each(['{"type":"subscribe"}', '{"type":"subscribe","channel":7}', '{"type":"resume"}', '{"type":"auth","token":{}}'])(
    'API-885: %s lacks its object',
    (text) => expect(parseClientMessage(text)).toMatchObject({ type: 'refused' }),
  )

  it('API-885: never throws, whatever is sent', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseClientMessage(text)))
  })
})
