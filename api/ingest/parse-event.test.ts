/** Every published ChirpStack event and every hostile shape the broker may hand over (LW-075 to LW-088, DOM-901, DOM-902, Q-FLT-26). */
import vectors from '../../domain/codec/vectors/chirpstack-events.json'
import { toIso } from '#domain/shared/instant'
import { MAX_MESSAGE_BYTES, parseEvent, type ParsedMessage } from './parse-event'

const APPLICATION = '17c82e96-be03-4f38-aef3-f83d48582d97'
const EUI = '58a0cb0000115b4e'
const TOPIC = `application/${APPLICATION}/device/${EUI}/event/up`
const RECEIVED_AT = Date.UTC(2026, 6, 1, 9, 34, 16)

interface Vector {
  readonly id: string
  readonly note: string
  readonly topic: string
  readonly payload: unknown
  readonly expect: Readonly<Record<string, unknown>>
}

const parseBytes = (payload: Buffer, topic = TOPIC) => parseEvent({ topic, payload, receivedAt: RECEIVED_AT })
const parse = (body: unknown, topic = TOPIC) => parseBytes(Buffer.from(JSON.stringify(body)), topic)
const up = (members: object = {}) => ({ deduplicationId: 'd', deviceInfo: { applicationId: APPLICATION, devEui: EUI }, ...members })

function eventOf(parsed: ParsedMessage) {
  if (!parsed.ok) throw new Error(`rejected: ${parsed.reason} (${parsed.detail})`)
  return parsed.event
}

const reasonOf = (parsed: ParsedMessage) => (parsed.ok ? 'accepted' : parsed.reason)

describe('the published events', () => {
  test.each(vectors as unknown as Vector[])('$id: $note', ({ topic, payload, expect: wanted }) => {
    const parsed = parse(payload, topic)
    if ('error' in wanted) return expect(reasonOf(parsed)).toBe(wanted['error'])
    const event = eventOf(parsed)
    const comparable = { ...event, time: event.time === null ? null : toIso(event.time) }
    return expect(comparable).toMatchObject(wanted)
  })
})

describe('what is absent takes its default', () => {
  test('LW-080: an uplink of nothing but its identity is read', () => {
    expect(eventOf(parse(up()))).toMatchObject({
      fCnt: 0,
      fPort: null,
      hex: '',
      dr: 0,
      session: null,
      gatewayCount: 0,
      best: null,
      time: null,
      classEnabled: null,
    })
  })

  test('LW-080: 64-bit numbers may be text', () => {
    expect(eventOf(parse(up({ fCnt: '70000' })))).toMatchObject({ fCnt: 70_000 })
  })

  test('DOM-902: an EUI in any spelling equals the topic’s', () => {
    const spelled = up({ deviceInfo: { applicationId: APPLICATION.toUpperCase(), devEui: '58-A0-CB-00-00-11-5B-4E' } })
    expect(eventOf(parse(spelled))).toMatchObject({ devEui: EUI, applicationId: APPLICATION })
  })

  test('LW-082: out-of-range reception is null, the best gateway is kept and all are counted once', () => {
    const rxInfo = [
      { gatewayId: '0000000000000002', rssi: 5, snr: 99 },
      { gatewayId: '0000000000000001', rssi: -80, snr: 4 },
      { gatewayId: '0000000000000003', rssi: -70, snr: 4 },
      { gatewayId: '0000000000000003', rssi: -75, snr: 3 },
    ]
    const event = eventOf(parse(up({ rxInfo })))
    expect(event).toMatchObject({ gatewayCount: 3, best: { gatewayId: '0000000000000003', rssi: -70, snr: 4 } })
    expect(event.kind === 'up' && event.gateways[2]).toEqual({ gatewayId: '0000000000000002', rssi: null, snr: null })
  })
})

describe('what does not fit', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const asUp = (member: string) => Buffer.from(JSON.stringify(up()).replace('{', `{${member},`))

  test.each<[string, string, ParsedMessage]>([
    ['another topic', 'topic_mismatch', parse(up(), 'somewhere/else')],
    ['another device than the topic', 'topic_mismatch', parse(up(), TOPIC.replace(EUI, '58a0cb0000115b4f'))],
    ['another application than the topic', 'topic_mismatch', parse(up(), TOPIC.replace(/^application\/17/, 'application/18'))],
    ['the retired integration event', 'unknown_event', parse(up(), TOPIC.replace(/up$/, 'integration'))],
    ['an event of no list', 'unknown_event', parse(up(), TOPIC.replace(/up$/, 'constructor'))],
    ['one byte more than 256 KiB', 'too_large', parseBytes(Buffer.alloc(MAX_MESSAGE_BYTES + 1, 32))],
    ['no bytes at all', 'not_json', parseBytes(Buffer.alloc(0))],
    ['invalid UTF-8', 'not_json', parseBytes(Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
    ['NaN', 'not_json', parseBytes(asUp('"fCnt":NaN'))],
    ['half a body', 'not_json', parseBytes(Buffer.from('{"deviceInfo":'))],
    ['a list', 'bad_shape', parse([up()])],
    ['null', 'bad_shape', parse(null)],
    ['no deviceInfo', 'bad_shape', parse({ deduplicationId: 'd' })],
    ['deviceInfo as text', 'bad_shape', parse(up({ deviceInfo: 'x' }))],
    ['infinity', 'bad_shape', parseBytes(asUp('"fCnt":1e999'))],
    ['a negative counter', 'bad_shape', parse(up({ fCnt: -1 }))],
    ['a counter beyond 32 bits', 'bad_shape', parse(up({ fCnt: 2 ** 32 }))],
    ['a broken counter', 'bad_shape', parse(up({ fCnt: 1.5 }))],
    ['a port beyond a byte', 'bad_shape', parse(up({ fPort: 256 }))],
    ['a flag as text', 'bad_shape', parse(up({ confirmed: 'yes' }))],
    ['a time that is none', 'bad_shape', parse(up({ time: 'yesterday' }))],
    ['a time with a thirteenth month', 'bad_shape', parse(up({ time: '2026-13-01T00:00:00Z' }))],
    ['a device address of another kind', 'bad_shape', parse(up({ devAddr: 'zz' }))],
    ['data as an object', 'bad_shape', parse(up({ data: { occupied: true } }))],
    ['data that is not base64', 'bad_shape', parse(up({ data: 'not*base64' }))],
    ['rxInfo as an object', 'bad_shape', parse(up({ rxInfo: {} }))],
    ['a gateway without id', 'bad_shape', parse(up({ rxInfo: [{ rssi: -5 }] }))],
    ['depth 10,000', 'bad_shape', parseBytes(asUp(`"object":${nested(10_000)}`))],
    ['a join without deduplicationId', 'bad_shape', parse(up({ deduplicationId: '' }), TOPIC.replace(/up$/, 'join'))],
    ['an ack without queue item', 'bad_shape', parse(up(), TOPIC.replace(/up$/, 'ack'))],
    ['an ack for no UUID', 'bad_shape', parse(up({ queueItemId: '1; drop table' }), TOPIC.replace(/up$/, 'ack'))],
  ])('%s is %s', (_name, reason, parsed) => {
    expect(reasonOf(parsed)).toBe(reason)
  })

  test('DOM-928: a rejection still names the device of its topic', () => {
    expect(parseBytes(Buffer.from('{'))).toMatchObject({ devEui: EUI, applicationId: APPLICATION })
  })
})
