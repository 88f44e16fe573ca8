/** `npm run check`: types, lint, boundaries, format, generated files; all of them, whatever fails on the way. */
import { checkSteps } from '../checks/check-steps'
import { runSteps, type StepResult } from '../checks/step'
import { EXIT } from '../errors'
import { repositoryRoot } from '../repository'
import { roomEnvironment } from '../stack/room-environment'
import { runAsCommand } from './command'

const HELP = `npm run check -- [--require-all]

Types, lint, boundaries between rooms, format, generated files, ids in the documents. One line per step; exits 1 when one failed.`

export function main(args: readonly string[], prepared: readonly StepResult[]): Promise<void> {
  return runAsCommand({ help: HELP, run: (words) => check(words, prepared) }, args)
}

async function check(args: readonly string[], prepared: readonly StepResult[]): Promise<number> {
  const root = repositoryRoot()
  const env = roomEnvironment(root, process.env)
  const signal = new AbortController().signal
  const requireAll = args.includes('--require-all')
  const results = await runSteps(checkSteps(root, env), { cwd: root, env, say: console.log, signal, requireAll })
  const all = [...prepared, ...results]
  const failed = all.filter((result) => !result.passed)
  console.log(`${all.length - failed.length} passed, ${failed.length} failed`)
  return failed.length > 0 ? EXIT.failed : EXIT.ok
}
