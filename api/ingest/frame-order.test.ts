/** Frames of one device in the order in which they were sent, however the broker shuffled them (DOM-922). */
import type { HeardFrame } from './device-stream'
import { compareFrames } from './frame-order'

const frame = (fCnt: number, heardAt: number, session = 'a') => ({ event: { fCnt, session }, heardAt }) as unknown as HeardFrame // the order reads these members alone
const sorted = (...frames: HeardFrame[]) => frames.sort(compareFrames).map(({ event }) => event.fCnt)

test.each<[string, number[], HeardFrame[]]>([
  ['counters decide within a moment, whatever the clocks say', [1, 2, 3], [frame(3, 1_000), frame(1, 3_000), frame(2, 2_000)]],
  ['a counter that wrapped comes after', [65_535, 0], [frame(0, 2_000), frame(65_535, 1_000)]],
  ['a counter that started again comes after', [901, 0], [frame(0, 200_000), frame(901, 1_000)]],
  ['a new session comes when it was heard', [900, 0], [frame(0, 2_000, 'b'), frame(900, 1_000, 'a')]],
])('%s', (_name, wanted, frames) => {
  expect(sorted(...frames)).toEqual(wanted)
})
