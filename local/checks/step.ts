/** One step of a check or test run: a command that passes, fails, or cannot run here and says why (Q-RUN-10). */
import { runCommand } from '../run-command'

export interface Step {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The reason why it cannot run here, or null. */
  readonly skip: string | null
}

export interface StepResult {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}

export interface StepRun {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
  readonly signal: AbortSignal
  /** A skip counts as a failure (before a release). */
  readonly requireAll: boolean
}

/** Runs all steps one after the other, whatever fails on the way. A skipped step is in no result unless all are required. */
export async function runSteps(steps: readonly Step[], run: StepRun): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of steps) {
    if (run.signal.aborted) break
    const result = step.skip === null ? await runStep(step, run) : skipStep(step, run)
    if (result) results.push(result)
  }
  return results
}

/** Null when it was interrupted: that says nothing about the tree. */
async function runStep(step: Step, run: StepRun): Promise<StepResult | null> {
  const start = Date.now()
  const { code, output } = await runCommand(step.command, step.args, { cwd: run.cwd, env: run.env, signal: run.signal })
  if (run.signal.aborted) return null
  const seconds = (Date.now() - start) / 1000
  if (code !== 0) run.say(output.trimEnd())
  run.say(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds.toFixed(1)} s)`)
  return { name: step.name, passed: code === 0, seconds }
}

function skipStep(step: Step, run: StepRun): StepResult | null {
  run.say(`skip   ${step.name}: ${step.skip}`)
  return run.requireAll ? { name: step.name, passed: false, seconds: 0 } : null
}
