/** `npm run reset`: deletes the data folder after a typed yes (OPS-002). */
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { dataFolderPath, describeDataFolder, removeDataFolder } from '../data-folder'
import { EXIT, LocalError } from '../errors'
import { isAlive } from '../process-identity'
import { repositoryRoot } from '../repository'
import { readRunFile } from '../run-file'
import { endStaleChildren } from '../stale-children'
import { runAsCommand } from './command'

const HELP = `npm run reset -- [--yes]

Deletes PARKING_DATA_DIR (.data): database, broker sessions, secrets, mails, files, logs. Asks first unless --yes is given.`

export function main(args: readonly string[]): Promise<void> {
  return runAsCommand({ help: HELP, run: reset }, args)
}

async function reset(args: readonly string[]): Promise<number> {
  const path = dataFolderPath(process.env, repositoryRoot())
  const { runFile, secretsFile } = describeDataFolder(path)
  const record = readRunFile(runFile)
  if (record && isAlive(record.supervisor)) throw new LocalError('the stack is running; end it with `npm run stop` first')
  if (!existsSync(path)) {
    console.log(`${path} is not there`)
    return EXIT.ok
  }
  if (!existsSync(secretsFile)) throw new LocalError(`${path} holds no secrets.json, so it is not a data folder; nothing was deleted`)
  if (!args.includes('--yes') && !(await isConfirmed(path))) throw new LocalError('nothing was deleted')
  if (record) await endStaleChildren(record.processes)
  removeDataFolder(path)
  console.log(`${path} is deleted`)
  return EXIT.ok
}

async function isConfirmed(path: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(`Delete ${path} with everything in it? Type yes: `)).trim().toLowerCase() === 'yes'
  } finally {
    terminal.close()
  }
}
