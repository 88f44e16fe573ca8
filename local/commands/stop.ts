/** `npm run stop`: ends the stack that runs on this data folder, in order (OPS-002). */
import { dataFolderPath, describeDataFolder } from '../data-folder'
import { endProcess } from '../end-process'
import { EXIT, LocalError } from '../errors'
import { isAlive } from '../process-identity'
import { repositoryRoot } from '../repository'
import { readRunFile } from '../run-file'
import { endStaleChildren } from '../stale-children'
import { runAsCommand } from './command'

const HELP = `npm run stop

Ends the local stack that runs on PARKING_DATA_DIR (.data), in order, and what a killed one left behind. Exits 0 also when nothing runs.`

/** The supervisor itself needs up to 20 s (OPS-005). */
const STOP_TIMEOUT_MS = 25_000

export function main(args: readonly string[]): Promise<void> {
  return runAsCommand({ help: HELP, run: stop }, args)
}

async function stop(): Promise<number> {
  const { runFile } = describeDataFolder(dataFolderPath(process.env, repositoryRoot()))
  const record = readRunFile(runFile)
  if (!record) {
    console.log('nothing runs here')
    return EXIT.ok
  }
  const inOrder = !isAlive(record.supervisor) || (await endProcess(record.supervisor, { signal: 'SIGTERM', timeoutMs: STOP_TIMEOUT_MS }))
  const left = await endStaleChildren(record.processes)
  if (!inOrder) throw new LocalError(`the supervisor did not stop within ${STOP_TIMEOUT_MS / 1000} s and was killed`)
  console.log(left.length > 0 ? `stopped; ended what was left: ${left.join(', ')}` : 'stopped')
  return EXIT.ok
}
