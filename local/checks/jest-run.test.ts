import { phasesOf } from './jest-run'

describe('phasesOf', () => {
  test('OPS-025: suites that start the whole platform run after the others, one at a time', () => {
    expect(phasesOf([]).map(({ projects, workers }) => [projects, workers])).toEqual([
      [['unit', 'int'], 2],
      [['stack'], 1],
    ])
  })

  test('only what was asked for', () => {
    expect(phasesOf(['unit']).map((phase) => phase.projects)).toEqual([['unit']])
    expect(phasesOf(['stack']).map((phase) => phase.name)).toEqual(['stack'])
  })
})
