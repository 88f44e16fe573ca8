import { at } from '#test/factories/facts'
import { classifyFrame } from './classify-frame'
import { announceJoin, NEW_CURSOR, type Frame, type FrameCursor } from './frame-cursor'

const SESSION = '01aa0000'
const REJOINED = '01bb0000'
const FORMER = '01cc0000'

/** Heard at 11:50 with counter 100; the frames below are told against it. */
const cursor: FrameCursor = {
  devAddr: SESSION,
  formerDevAddrs: [FORMER],
  announcedDevAddr: null,
  fCnt: 100,
  recentDedup: ['known'],
  lastHeardAt: at('11:50'),
}

const frame = (changes: Partial<Frame>): Frame => ({
  devAddr: SESSION,
  fCnt: 101,
  deduplicationId: 'new',
  heardAt: at('11:51'),
  hasNetworkTime: true,
  skipsFcntCheck: false,
  isStored: false,
  isAccepted: true,
  ...changes,
})

const wide: FrameCursor = { ...cursor, fCnt: 65_535 }
const announced: FrameCursor = { ...cursor, announcedDevAddr: REJOINED }

type Case = readonly [name: string, from: FrameCursor | null, changes: Partial<Frame>, expected: string]

const CASES: readonly Case[] = [
  ['no cursor', null, {}, 'fresh first'],
  ['a join was heard and nothing else', announceJoin(null, REJOINED), { devAddr: REJOINED, fCnt: 0 }, 'fresh first'],
  ['one of the last deduplication ids', cursor, { deduplicationId: 'known' }, 'repeat'],
  ['the same address, a greater counter', cursor, {}, 'fresh next'],
  ['a greater counter with an earlier time', cursor, { heardAt: at('11:49') }, 'fresh next'],
  ['a counter lower by 32 768 or more, heard later', wide, { fCnt: 3 }, 'fresh wrapped'],
  ['the same, but heard earlier', wide, { fCnt: 3, heardAt: at('11:49') }, 'late'],
  ['the same, but of a 32-bit counter, within a minute', { ...cursor, fCnt: 70_000 }, { fCnt: 3 }, 'late'],
  ['a counter lower by 32 767', { ...cursor, fCnt: 32_767 }, { fCnt: 0 }, 'late'],
  ['a lower counter, more than 60 s later', cursor, { fCnt: 0, heardAt: at('11:51:01') }, 'fresh reset'],
  ['a lower counter, exactly 60 s later', cursor, { fCnt: 0 }, 'late'],
  ['the same, later only by our own clock', cursor, { fCnt: 0, heardAt: at('11:59'), hasNetworkTime: false }, 'late'],
  ['an equal counter that is stored', cursor, { fCnt: 100, isStored: true }, 'repeat'],
  ['a lower counter that is stored', cursor, { fCnt: 99, isStored: true }, 'repeat'],
  ['a lower counter that is not', cursor, { fCnt: 99 }, 'late'],
  ['another address, heard later', cursor, { devAddr: REJOINED, fCnt: 0 }, 'fresh new_session'],
  ['another address, heard at the same instant', cursor, { devAddr: REJOINED, fCnt: 0, heardAt: at('11:50') }, 'fresh new_session'],
  ['another address, heard earlier', cursor, { devAddr: REJOINED, fCnt: 0, heardAt: at('11:49') }, 'late'],
  ['the announced address, heard earlier', announced, { devAddr: REJOINED, fCnt: 0, heardAt: at('11:49') }, 'fresh new_session'],
  ['a former address, heard later by a clock that is not its own', cursor, { devAddr: FORMER, fCnt: 900 }, 'late'],
  ['a former address that is stored', cursor, { devAddr: FORMER, fCnt: 900, isStored: true }, 'repeat'],
  [
    'a former address that a join announced again',
    { ...cursor, announcedDevAddr: FORMER },
    { devAddr: FORMER, fCnt: 0 },
    'fresh new_session',
  ],
  ['no address: as the same address', cursor, { devAddr: null }, 'fresh next'],
  ['no address and no counter, heard later', cursor, { devAddr: null, fCnt: null }, 'fresh next'],
  ['no address and no counter, heard earlier', cursor, { devAddr: null, fCnt: null, heardAt: at('11:49') }, 'late'],
  ['no address, a lower counter, network time', cursor, { devAddr: null, fCnt: 0, heardAt: at('11:52') }, 'fresh reset'],
  ['no address, a lower counter, no network time', cursor, { devAddr: null, fCnt: 0, heardAt: at('11:52'), hasNetworkTime: false }, 'late'],
  ['skip_fcnt_check: a lower counter heard later', cursor, { fCnt: 0, skipsFcntCheck: true }, 'fresh next'],
  ['skip_fcnt_check: a greater counter heard earlier', cursor, { heardAt: at('11:49'), skipsFcntCheck: true }, 'late'],
  ['skip_fcnt_check: a known id', cursor, { deduplicationId: 'known', skipsFcntCheck: true }, 'repeat'],
  ['skip_fcnt_check: a stored counter is no repeat', cursor, { heardAt: at('11:49'), isStored: true, skipsFcntCheck: true }, 'late'],
]

describe('classifyFrame (DOM-921)', () => {
  it.each(CASES)('%s', (...told) => {
    const [, from, changes, expected] = told
    const found = classifyFrame(from, frame(changes))
    expect(found.case === null ? found.kind : `${found.kind} ${found.case}`).toBe(expected)
  })
})

describe('the cursor after a frame', () => {
  it('moves with a fresh one', () => {
    expect(classifyFrame(cursor, frame({})).cursor).toEqual({
      ...cursor,
      fCnt: 101,
      recentDedup: ['known', 'new'],
      lastHeardAt: at('11:51'),
    })
  })

  it('keeps the last three former addresses and forgets the announcement that came true', () => {
    const from = { ...announced, formerDevAddrs: ['f1', 'f2', 'f3'] }
    const next = classifyFrame(from, frame({ devAddr: REJOINED, fCnt: 0 })).cursor
    expect(next).toMatchObject({ devAddr: REJOINED, fCnt: 0, announcedDevAddr: null, formerDevAddrs: [SESSION, 'f1', 'f2'] })
  })

  it('remembers the last sixteen deduplication ids', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`)
    const last = ids.reduce<FrameCursor>(
      (from, id, index) => classifyFrame(from, frame({ deduplicationId: id, fCnt: index })).cursor,
      NEW_CURSOR,
    )
    expect(last.recentDedup).toEqual(ids.slice(4))
  })

  it('DOM-905: a rejected frame moves the counter and is not heard', () => {
    expect(classifyFrame(cursor, frame({ isAccepted: false })).cursor).toMatchObject({ fCnt: 101, lastHeardAt: at('11:50') })
  })

  it('a late frame changes nothing but is known when it comes again', () => {
    const late = classifyFrame(cursor, frame({ fCnt: 99 }))
    expect(late.cursor).toEqual({ ...cursor, recentDedup: ['known', 'new'] })
    expect(classifyFrame(late.cursor, frame({ fCnt: 99 })).kind).toBe('repeat')
  })

  it('a repeat changes nothing at all', () => {
    expect(classifyFrame(cursor, frame({ deduplicationId: 'known' })).cursor).toEqual(cursor)
  })

  it('last heard never runs backwards, even if a gateway clock does', () => {
    expect(classifyFrame(cursor, frame({ heardAt: at('11:49') })).cursor.lastHeardAt).toBe(at('11:50'))
  })
})
