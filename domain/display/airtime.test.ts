/** The numbers of lorawan.md §5, each of them, and the budgets of DOM-643 to DOM-647. */
import fc from 'fast-check'
import { airtimeMs, downlinkCostMs, framesWithin, hourlyBudgetMs, rx2Of } from './airtime'
import { NO_AIRTIME_USED, chargeAirtime, giveBackAirtime, requestAirtime, usedAirtimeMs, type AirtimeUse } from './airtime-budget'
import { classOfPriority, priorityClassOf, type PriorityClass } from './priority-class'
import { GATEWAY_COMMANDS_PER_MINUTE, giveBackCommand, requestCommand, type RateUse } from './rate-budget'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const TEN_PERCENT_OF_AN_HOUR = 360_000

const downlink = (payloadBytes: number, spreadingFactor: number, bandwidthHz = 125_000) =>
  airtimeMs({ payloadBytes, spreadingFactor, bandwidthHz, direction: 'down' })

describe('airtime', () => {
  it.each([
    [3, 7, 46.3, 7_769],
    [3, 9, 164.9, 2_183],
    [3, 10, 288.8, 1_246],
    [3, 12, 1_155.1, 311],
    [5, 7, 51.5, 6_996],
    [5, 9, 164.9, 2_183],
    [5, 10, 329.7, 1_091],
    [5, 12, 1_318.9, 272],
    [6, 7, 51.5, 6_996],
    [6, 9, 164.9, 2_183],
    [6, 10, 329.7, 1_091],
    [6, 12, 1_318.9, 272],
    [14, 7, 61.7, 5_835],
    [14, 9, 205.8, 1_749],
    [14, 10, 411.6, 874],
    [14, 12, 1_482.8, 242],
    [20, 7, 71.9, 5_004],
    [20, 9, 246.8, 1_458],
    [20, 10, 452.6, 795],
    [20, 12, 1_810.4, 198],
  ])('lorawan.md §5: %i B at SF%i take %p ms, %i of them fit into 10 %% of an hour', (...[payload, spreadingFactor, ms, frames]) => {
    const airtime = downlink(payload, spreadingFactor)
    expect(Math.abs(airtime - ms)).toBeLessThanOrEqual(0.05 + 1e-9)
    expect(framesWithin(TEN_PERCENT_OF_AN_HOUR, airtime)).toBe(frames)
  })

  it('lorawan.md §5: US915 RX2 takes 288.8 ms for 5 B and has no duty cycle', () => {
    expect(downlinkCostMs(5, rx2Of('us915'))).toBeCloseTo(288.8, 1)
    expect(hourlyBudgetMs(rx2Of('US915'))).toBeNull()
  })

  it('an uplink carries a CRC and is never shorter', () => {
    const up = (payloadBytes: number) => airtimeMs({ payloadBytes, spreadingFactor: 7, bandwidthHz: 125_000, direction: 'up' })
    expect(up(8)).toBeGreaterThanOrEqual(downlink(8, 7))
  })

  it('DOM-645: a region nobody knows is limited by rate only', () => {
    expect(hourlyBudgetMs(rx2Of('XX000'))).toBeNull()
  })
})

const EU868 = rx2Of('EU868')
const BUDGET_MS = hourlyBudgetMs(EU868) ?? 0
const COLOR_MS = downlinkCostMs(5, EU868)

const ask = (use: AirtimeUse, now: number, priorityClass: PriorityClass = 2) =>
  requestAirtime({ use, budgetMs: BUDGET_MS, costMs: COLOR_MS, priorityClass, now })

/** Asks until refused; the number of grants and what was used then. */
function fill(priorityClass: PriorityClass, now = 0): { granted: number; use: AirtimeUse } {
  let use = NO_AIRTIME_USED
  for (let granted = 0; ; granted++) {
    const answer = ask(use, now, priorityClass)
    if (!answer.granted) return { granted, use }
    use = answer.use
  }
}

describe('airtime budget', () => {
  it('LW-110: EU868 gives 288 000 ms an hour, 218 colours at SF12', () => {
    expect(BUDGET_MS).toBeCloseTo(288_000, 6)
    expect(fill(2).granted).toBe(218)
  })

  it('DOM-647: classes 4 and 5 leave 30 %, class 3 leaves 10 %', () => {
    expect([fill(1), fill(2), fill(3), fill(4), fill(5)].map(({ granted }) => granted)).toEqual([218, 218, 196, 152, 152])
    expect(ask(fill(5).use, 0, 3).granted).toBe(true)
  })

  it('LW-112: says when the oldest minutes have left the hour, and is right', () => {
    const { use } = fill(2, 30_000)
    const refused = ask(use, 45_000)
    expect(refused).toEqual({ granted: false, nextAt: HOUR_MS })
    expect(ask(use, HOUR_MS - 1).granted).toBe(false)
    expect(ask(use, HOUR_MS).granted).toBe(true)
  })

  it('LW-111: what is given back can be used again, and never becomes a credit', () => {
    const { use } = fill(2)
    expect(ask(giveBackAirtime(use, { at: 0, ms: COLOR_MS }), 0).granted).toBe(true)
    expect(usedAirtimeMs(giveBackAirtime(NO_AIRTIME_USED, { at: 0, ms: 5 }), 0)).toBe(0)
  })

  it('a cost beyond the budget has no next time, and no duty cycle grants all', () => {
    expect(requestAirtime({ use: NO_AIRTIME_USED, budgetMs: 10, costMs: 11, priorityClass: 1, now: 0 })).toEqual({
      granted: false,
      nextAt: null,
    })
    expect(requestAirtime({ use: NO_AIRTIME_USED, budgetMs: null, costMs: 1e9, priorityClass: 5, now: 0 }).granted).toBe(true)
  })

  it('keeps no more than sixty buckets', () => {
    const use = Array.from({ length: 500 }, (_, minute) => minute * MINUTE_MS).reduce(
      (sum, at) => chargeAirtime(sum, { at, ms: 1 }),
      NO_AIRTIME_USED,
    )
    expect(use.buckets).toHaveLength(60)
    expect(usedAirtimeMs(use, 499 * MINUTE_MS)).toBe(60)
  })

  it('DOM-645: no sixty consecutive minutes exceed the budget, whoever asks when', () => {
    const asked = fc.record({
      after: fc.nat(20 * MINUTE_MS),
      priorityClass: fc.constantFrom<PriorityClass>(1, 2, 3, 4, 5),
      count: fc.nat(80),
    })
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 30 }), (requests) => {
        let now = 0
        let use = NO_AIRTIME_USED
        for (const { after, priorityClass, count } of requests) {
          now += after
          for (let index = 0; index < count; index++) {
            const answer = ask(use, now, priorityClass)
            if (!answer.granted) break
            use = answer.use
          }
          if (usedAirtimeMs(use, now) > BUDGET_MS) return false
        }
        return true
      }),
      { numRuns: 50 },
    )
  })
})

describe('rate budget', () => {
  const take = (use: RateUse | null, now: number, priorityClass: PriorityClass = 2) =>
    requestCommand({ use, perMinute: GATEWAY_COMMANDS_PER_MINUTE, priorityClass, now })

  function drain(priorityClass: PriorityClass): { granted: number; use: RateUse | null } {
    let use: RateUse | null = null
    for (let granted = 0; ; granted++) {
      const answer = take(use, 0, priorityClass)
      if (!answer.granted) return { granted, use }
      use = answer.use
    }
  }

  it('DOM-644: thirty at once, then one every two seconds', () => {
    const { granted, use } = drain(2)
    expect(granted).toBe(30)
    expect(take(use, 0)).toEqual({ granted: false, nextAt: 2_000 })
    expect(take(use, 2_000).granted).toBe(true)
  })

  it('DOM-647: keeps the reserves of more urgent classes', () => {
    expect([drain(3).granted, drain(4).granted, drain(5).granted]).toEqual([27, 21, 21])
  })

  it('takes back what was never sent, up to the burst', () => {
    expect(giveBackCommand({ tokens: 29.5, at: 0 }, 30)).toEqual({ tokens: 30, at: 0 })
  })

  it('a rate below one command is never granted', () => {
    expect(requestCommand({ use: null, perMinute: 1, priorityClass: 5, now: 0 })).toEqual({ granted: false, nextAt: null })
  })
})

describe('DOM-647: priorities', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 3],
    [7, 4],
    [8, 4],
    [9, 5],
    [10, 5],
    [0, 1],
    [99, 5],
  ])('priority %i is class %i', (priority, expected) => expect(classOfPriority(priority)).toBe(expected))

  it('a vehicle or a closed bay goes before a booking, a booking before what can wait', () => {
    expect(['occupied', 'reserved', 'reserved_soon', 'unknown'].map((name) => priorityClassOf(name as 'occupied'))).toEqual([2, 3, 4, 5])
  })
})
