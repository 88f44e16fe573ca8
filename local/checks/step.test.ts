import { runSteps, type Step, type StepRun } from './step'

const node = (name: string, script: string): Step => ({ name, command: process.execPath, args: ['-e', script], skip: null })

function run(requireAll: boolean): { run: StepRun; said: string[] } {
  const said: string[] = []
  const signal = new AbortController().signal
  return { said, run: { cwd: '/', env: process.env, say: (line) => said.push(line), signal, requireAll } }
}

describe('steps of a check', () => {
  it('go on after a failure and show what the failed one said', async () => {
    const { run: given, said } = run(false)
    const results = await runSteps([node('first', 'console.log("why"); process.exit(3)'), node('second', '')], given)
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ['first', false],
      ['second', true],
    ])
    expect(said[0]).toBe('why')
  })

  it('Q-RUN-10: a skip is told with its reason, never counted as a pass, and fails when all are required', async () => {
    const skipped = { ...node('browser', ''), skip: 'no browser' }
    const lenient = run(false)
    expect(await runSteps([skipped], lenient.run)).toEqual([])
    expect(lenient.said).toEqual(['skip   browser: no browser'])
    expect(await runSteps([skipped], run(true).run)).toEqual([{ name: 'browser', passed: false, seconds: 0 }])
  })
})
