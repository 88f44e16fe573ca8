import { at, right } from '#test/factories/facts'
import { findLinkedRight } from './session-link'
import { closeWithoutEvidence, followSession, isBrief, overstayAt, type OpenSession, type SessionInput } from './sessions'
import { statementEndsAt } from './statement'

const open: OpenSession = { startedAt: at('10:00'), lastOccupiedAt: at('11:00') }

const input = (value: 'occupied' | 'free' | null, changes: Partial<SessionInput> = {}): SessionInput => ({
  open,
  evidence: { source: 'sensor', value, at: at('11:30') },
  wasInterrupted: false,
  freeLagSeconds: 0,
  ...changes,
})

describe('a stay follows the evidence', () => {
  it('DOM-260: occupied opens it at the time that the frame was heard', () => {
    expect(followSession(input('occupied', { open: null }))).toEqual({ kind: 'open', startedAt: at('11:30'), source: 'sensor' })
  })

  it('DOM-260: free closes it, earlier by the lag of the model', () => {
    expect(followSession(input('free', { freeLagSeconds: 300 }))).toEqual({
      kind: 'close',
      endedAt: at('11:25'),
      endReason: null,
      endUncertainSince: null,
      confidence: 'certain',
    })
  })

  it('DOM-260: but never before it began, and a person is not late', () => {
    const begun = { startedAt: at('11:28'), lastOccupiedAt: null }
    expect(followSession(input('free', { open: begun, freeLagSeconds: 300 }))).toMatchObject({ endedAt: at('11:28') })
    const said = { source: 'manual' as const, value: 'free' as const, at: at('11:30') }
    expect(followSession(input('free', { evidence: said, freeLagSeconds: 300 }))).toMatchObject({ endedAt: at('11:30') })
  })

  it('DOM-261: silence, suspicion and outage close nothing, and occupied goes on in the same stay', () => {
    expect(followSession(input(null))).toEqual({ kind: 'continue' })
    expect(followSession(input('occupied', { wasInterrupted: true }))).toEqual({ kind: 'continue' })
    expect(followSession(input(null, { open: null }))).toEqual({ kind: 'none' })
    expect(followSession(input('free', { open: null }))).toEqual({ kind: 'none' })
  })

  it('DOM-261: free after an interruption closes it, and says since when that is uncertain', () => {
    expect(followSession(input('free', { wasInterrupted: true }))).toMatchObject({
      endUncertainSince: at('11:00'),
      confidence: 'uncertain',
    })
  })

  it('DOM-262: without its sensor it ends on paper', () => {
    expect(closeWithoutEvidence(open, at('12:00'))).toEqual({
      endedAt: at('12:00'),
      endReason: 'evidence_lost',
      endUncertainSince: at('11:00'),
      confidence: 'uncertain',
    })
  })

  it('DOM-263: under 60 s is brief', () => {
    expect([isBrief(0, 59_999), isBrief(0, 60_000)]).toEqual([true, false])
  })

  it('DOM-265: an overstay begins after the tenant’s minutes, or never', () => {
    expect([overstayAt(at('12:00'), 30), overstayAt(at('12:00'), 0)]).toEqual([at('12:30'), null])
  })
})

describe('whose stay it is (DOM-264, DOM-430)', () => {
  const link = (startedAt: string, now: string, rights = [right('12:00', '13:00')]) =>
    findLinkedRight({ startedAt: at(startedAt), linkedReservationId: null, rights, earlyCheckInMinutes: 15, now: at(now) })

  it('the right that covers the arrival', () => expect(link('12:10', '12:10')).toBe('right-12:00'))
  it('the right that starts while the early vehicle still stands there', () => expect(link('11:45', '12:00')).toBe('right-12:00'))
  it('nobody before the right has started', () => expect(link('11:50', '11:59')).toBeNull())
  it('DOM-432: nobody when it came before the early window', () => expect(link('11:44:59', '12:00')).toBeNull())
  it('nobody when another right covered the arrival', () =>
    expect(link('11:50', '12:00', [right('11:00', '12:00'), right('12:00', '13:00')])).toBeNull())
  it('the one that it is linked to already', () =>
    expect(
      findLinkedRight({
        startedAt: at('11:50'),
        linkedReservationId: 'former',
        rights: [right('12:00', '13:00')],
        earlyCheckInMinutes: 15,
        now: at('12:00'),
      }),
    ).toBe('former'))
})

describe('when a statement lapses (DOM-266)', () => {
  const terms = { kind: 'occupied' as const, startsAt: at('11:00'), until: null, autoReleaseMinutes: 120 }

  it('occupied after the auto release of the space, else after a day', () => {
    expect(statementEndsAt(terms)).toBe(at('13:00'))
    expect(statementEndsAt({ ...terms, autoReleaseMinutes: null })).toBe(at('11:00') + 86_400_000)
  })
  it('free after a day, whatever the auto release', () =>
    expect(statementEndsAt({ ...terms, kind: 'free' })).toBe(at('11:00') + 86_400_000))
  it('the until of the command wins', () => expect(statementEndsAt({ ...terms, until: at('11:30') })).toBe(at('11:30')))
})
