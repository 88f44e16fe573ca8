import { freeLagSeconds, freshnessWindow } from './freshness'

/** The table of DOM-230 and lorawan.md § 9: model, window occupied, window free. */
const WINDOWS: readonly (readonly [model: string, occupiedSeconds: number, freeSeconds: number])[] = [
  ['browan-tbms100', 1_500, 9_000],
  ['browan-tbdw100', 9_000, 9_000],
  ['bosch-tps110', 180_000, 180_000],
  ['nwave-nps310', 180_000, 180_000],
  ['nwave-nps405', 180_000, 180_000],
  ['nwave-ncc405', 180_000, 180_000],
  ['pni-placepod', 180_000, 180_000],
  ['dingtek-do200', 180_000, 180_000],
  ['dingtek-do201', 180_000, 180_000],
  ['milesight-em400-mud', 180_000, 180_000],
  ['milesight-em310-udl', 180_000, 180_000],
  ['milesight-vs34x', 180_000, 180_000],
  ['libelium-sp2', 27_000, 27_000],
  ['dragino-ldds75', 3_000, 3_000],
  ['dragino-lds02', 180_000, 180_000],
  ['plenom-busylight', 4_500, 4_500],
  ['nobody-knows', 90_000, 90_000],
]

describe('how long a value is believed (DOM-230)', () => {
  it.each(WINDOWS)('%s: %i s occupied, %i s free', (model, occupiedSeconds, freeSeconds) => {
    expect(freshnessWindow({ model })).toEqual({ occupiedSeconds, freeSeconds })
  })

  it('a stated interval gives 2.5 times itself for both values', () => {
    expect(freshnessWindow({ model: 'bosch-tps110', config: { expected_interval_seconds: 600 } })).toEqual({
      occupiedSeconds: 1_500,
      freeSeconds: 1_500,
    })
  })

  it("a device's own windows win, each for itself", () => {
    const config = { expected_interval_seconds: 600, liveness: { free_seconds: 7_200 } }
    expect(freshnessWindow({ model: 'bosch-tps110', config })).toEqual({ occupiedSeconds: 1_500, freeSeconds: 7_200 })
  })

  it("the profile's interval is asked only for models that nobody knows", () => {
    const profileUplinkIntervalSeconds = 1_200
    expect(freshnessWindow({ model: 'nobody-knows', profileUplinkIntervalSeconds })).toEqual({ occupiedSeconds: 3_000, freeSeconds: 3_000 })
    expect(freshnessWindow({ model: 'browan-tbms100', profileUplinkIntervalSeconds })).toEqual({
      occupiedSeconds: 1_500,
      freeSeconds: 9_000,
    })
  })

  it('DOM-260: only the motion sensor says free late', () => {
    expect([freeLagSeconds('browan-tbms100'), freeLagSeconds('bosch-tps110')]).toEqual([300, 0])
  })
})
