import { at } from '#test/factories/facts'
import { countLowBattery } from './battery'
import { findHeardAt } from './heard-at'
import { deviceStatus, type DeviceStanding } from './status'

const installed: DeviceStanding = {
  lifecycle: 'operational',
  enabled: true,
  assignedSpaceId: 'space-1',
  assignedAt: at('10:00'),
  lastSeenAt: at('11:00'),
}

describe('status (DOM-513), the first that applies', () => {
  it.each<readonly [string, Partial<DeviceStanding>]>([
    ['retired', { lifecycle: 'retired', enabled: false }],
    ['inactive', { lifecycle: 'decommissioned' }],
    ['inactive', { enabled: false, lifecycle: 'maintenance' }],
    ['maintenance', { lifecycle: 'maintenance', assignedSpaceId: null }],
    ['unassigned', { assignedSpaceId: null, assignedAt: null }],
    ['active', {}],
    ['assigned', { lastSeenAt: at('09:59') }],
    ['assigned', { lastSeenAt: null }],
  ])('%s: %j', (status, changes) => expect(deviceStatus({ ...installed, ...changes })).toBe(status))
})

describe('battery_low (DOM-927)', () => {
  const count = (...readings: readonly (number | null)[]) =>
    readings.reduce<{ lowCount: number; alerts: readonly (string | null)[] }>(
      ({ lowCount, alerts }, batteryPercent) => {
        const next = countLowBattery(lowCount, { batteryPercent, isLowByDevice: null })
        return { lowCount: next.lowCount, alerts: [...alerts, next.alert] }
      },
      { lowCount: 0, alerts: [] },
    ).alerts

  it('opens at the third low reading in a row and once', () => expect(count(19, 10, 5, 4, 3)).toEqual([null, null, 'open', null, null]))
  it('20 % is not low, and one good reading begins the count anew', () =>
    expect(count(19, 19, 20, 19, 19)).toEqual([null, null, null, null, null]))
  it('closes at the first good reading after an alert', () => expect(count(1, 1, 1, 80, 80)).toEqual([null, null, 'open', 'close', null]))
  it('a reading without battery says nothing', () => expect(count(19, null, 19, null, 19)).toEqual([null, null, null, null, 'open']))
  it("the device's own flag counts", () =>
    expect(countLowBattery(2, { batteryPercent: 60, isLowByDevice: true })).toEqual({ lowCount: 3, alert: 'open' }))
})

describe('heard_at (DOM-920)', () => {
  it('is the network time, cut to milliseconds', () =>
    expect(findHeardAt(at('11:58') + 0.9, at('11:59'))).toEqual({ heardAt: at('11:58'), hasNetworkTime: true, isTimeImplausible: false }))
  it('is our own when the event has none', () =>
    expect(findHeardAt(null, at('11:59'))).toEqual({ heardAt: at('11:59'), hasNetworkTime: false, isTimeImplausible: false }))
  it('is our own when the network is more than five minutes ahead', () => {
    expect(findHeardAt(at('12:04'), at('11:59'))).toMatchObject({ heardAt: at('12:04'), hasNetworkTime: true })
    expect(findHeardAt(at('12:04') + 1, at('11:59'))).toEqual({ heardAt: at('11:59'), hasNetworkTime: false, isTimeImplausible: true })
  })
})
