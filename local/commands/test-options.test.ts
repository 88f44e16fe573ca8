import { parseTestOptions } from './test-options'

describe('options of npm test', () => {
  it('Q-RUN-01: everything by default', () => {
    expect(parseTestOptions([])).toEqual({ check: true, projects: [], requireAll: false, seed: null, coverage: false, patterns: [] })
  })

  it('Q-RUN-09, Q-RUN-10: seed, strictness, projects and patterns', () => {
    expect(parseTestOptions(['--no-check', '--coverage', '--project', 'int', '--seed', '7', '--require-all', 'db/'])).toEqual({
      check: false,
      projects: ['int'],
      requireAll: true,
      seed: '7',
      coverage: true,
      patterns: ['db/'],
    })
  })
})
