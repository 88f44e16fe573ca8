import { NOON } from '#test/factories/facts'
import { clearSuspicion, findSuspicion, NO_VALUE, recordValue, type SensorValue } from './flips'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `flips` changes of value, one a minute from noon on. */
const flipEveryMinute = (flips: number, isLearning = false): SensorValue =>
  Array.from({ length: flips + 1 }).reduce<SensorValue>(
    (state, _, minute) => recordValue(state, { value: minute % 2 ? 'occupied' : 'free', heardAt: NOON + minute * MINUTE, isLearning }),
    NO_VALUE,
  )

describe('a sensor that changes its mind (DOM-235, DOM-236)', () => {
  it('is believed at 20 flips within the hour, and suspect at the 21st', () => {
    expect(findSuspicion(flipEveryMinute(20), NOON + 20 * MINUTE)).toBeNull()
    expect(findSuspicion(flipEveryMinute(21), NOON + 21 * MINUTE)).toEqual({
      since: NOON + 21 * MINUTE,
      changesLastHour: 21,
      clearsAt: NOON + 16 * MINUTE + HOUR,
    })
  })

  it('is not suspect when the 21 flips take an hour', () => {
    const slow = Array.from({ length: 22 }).reduce<SensorValue>(
      (state, _, step) =>
        recordValue(state, { value: step % 2 ? 'occupied' : 'free', heardAt: NOON + step * 3 * MINUTE, isLearning: false }),
      NO_VALUE,
    )
    expect(slow.suspectSince).toBeNull()
  })

  it('clears at the instant at which five flips are left in the trailing hour', () => {
    const state = flipEveryMinute(21)
    const clearsAt = NOON + 16 * MINUTE + HOUR
    expect(findSuspicion(state, clearsAt - 1)).toMatchObject({ changesLastHour: 6 })
    expect(findSuspicion(state, clearsAt)).toBeNull()
  })

  it('stays suspect from the same instant while it goes on flipping, and clears later', () => {
    const state = recordValue(flipEveryMinute(21), { value: 'free', heardAt: NOON + 30 * MINUTE, isLearning: false })
    expect(findSuspicion(state, NOON + 30 * MINUTE)).toMatchObject({ since: NOON + 21 * MINUTE, clearsAt: NOON + 17 * MINUTE + HOUR })
  })

  it('begins anew after it has cleared', () => {
    const calm = recordValue(flipEveryMinute(21), { value: 'free', heardAt: NOON + 3 * HOUR, isLearning: false })
    expect(calm.suspectSince).toBeNull()
  })

  it('an operator ends it at once', () => {
    expect(findSuspicion(clearSuspicion(flipEveryMinute(21)), NOON + 21 * MINUTE)).toBeNull()
  })

  it('learning frames change the value and count no flip', () => {
    expect(flipEveryMinute(21, true)).toMatchObject({ value: 'occupied', flips: [], suspectSince: null })
  })

  it('a repeated value is no flip', () => {
    const twice = recordValue(flipEveryMinute(1), { value: 'occupied', heardAt: NOON + 5 * MINUTE, isLearning: false })
    expect(twice).toMatchObject({ flips: [NOON + MINUTE], valueHeardAt: NOON + 5 * MINUTE })
  })
})
