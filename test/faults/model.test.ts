import { playFrames, type ModelFrame } from './model'

const frame = (fCnt: number, occupied: boolean | null, session = 0): ModelFrame => ({ devEui: 'a', session, fCnt, occupied })
const play = (frames: readonly ModelFrame[]) => playFrames(frames, new Map([['a', 'free']])).get('a')

test('Q-FLT-H3: order of arrival does not matter, order of counting does', () => {
  const straight = play([frame(1, true), frame(2, false), frame(3, true)])
  expect(straight).toEqual({ state: 'occupied', transitions: ['occupied', 'free', 'occupied'], frames: 3 })
  expect(play([frame(3, true), frame(1, true), frame(2, false)])).toEqual(straight)
})

test('Q-FLT-H3: a repeat counts once, an unchanged value moves nothing, a frame without value counts', () => {
  expect(play([frame(1, true), frame(1, true), frame(2, true), frame(3, null)])).toEqual({
    state: 'occupied',
    transitions: ['occupied'],
    frames: 3,
  })
})

test('Q-FLT-H3: a later session stands above a higher counter of an earlier one', () => {
  expect(play([frame(0, false, 1), frame(900, true, 0)])?.state).toBe('free')
})

test('Q-FLT-H3: a bay without frames keeps its start', () => {
  expect(play([])).toEqual({ state: 'free', transitions: [], frames: 0 })
})
