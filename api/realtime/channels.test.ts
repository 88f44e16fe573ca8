/** Channels and what they need. */
import { channelFamily, isUnasked, parseChannel } from './channels'

const ID = '01977a3d-0000-7000-8000-000000000001'

describe('parseChannel', () => {
  it.each([
    ['spaces', 'Space'],
    ['devices', 'Device'],
    ['gateways', 'Gateway'],
    ['reservations', 'Reservation'],
    ['downlinks', 'Downlink'],
    ['alerts', 'Alert'],
    ['metrics', 'Dashboard'],
    ['jobs', 'Job'],
    ['activity', 'Dashboard'],
  ])('API-870…878: %s needs %s.read', (name, subject) => expect(parseChannel(name)).toEqual({ name, subject, names: 'collection' }))

  it.each([`spaces:${ID}`, `space:${ID}`, `SPACE:${ID.toUpperCase()}`])('API-870: %s is one row of spaces', (text) =>
    expect(parseChannel(text)).toEqual({ name: text.toLowerCase(), subject: 'Space', names: 'row' }),
  )

  it.each(['', 'space', 'SPACES', `device:${ID}`, 'space:1', `space:${ID}x`, '__proto__', 'constructor', `spaces:${ID}\n`])(
    'API-881: %j is no channel',
    (text) => expect(parseChannel(text)).toBeNull(),
  )
})

it('API-879: rules:changed and tenant:notice come unasked', () => {
  expect(['rules:changed', 'tenant:notice', 'space:update'].map(isUnasked)).toEqual([true, true, false])
})

it('OPS-171: a metric label never carries an id', () => {
  expect([`spaces:${ID}`, `space:${ID}`, 'devices', null].map(channelFamily)).toEqual(['spaces', 'space', 'devices', 'notice'])
})
