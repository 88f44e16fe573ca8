/** Runs a command to its end and returns what it said; never through a shell. */
import { spawn } from 'node:child_process'
import type { Account } from './account'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly account?: Account | null
  readonly signal?: AbortSignal
  /** Called with each line of output as it comes. */
  readonly onLine?: (line: string) => void
}

export interface CommandResult {
  /** Exit code; 127 when the command does not exist, 128 + n when ended by a signal. */
  readonly code: number
  /** stdout and stderr as they came. */
  readonly output: string
}

const NOT_FOUND = 127
const ENDED_BY_SIGNAL = 128

export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd, env, account, signal, onLine } = options
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: env ?? process.env,
      ...(cwd === undefined ? {} : { cwd }),
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      ...(signal ? { signal } : {}),
    })
    let output = ''
    const take = (chunk: Buffer): void => {
      const text = chunk.toString()
      output += text
      if (onLine) text.split('\n').filter(Boolean).forEach(onLine)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ code: NOT_FOUND, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? ENDED_BY_SIGNAL, output }))
  })
}
