/** Runs a built script of `scripts/` against the running stack, and passes on its exit code. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../errors'
import { repositoryRoot } from '../repository'
import { roomEnvironment } from '../stack/room-environment'

/** `name`: file in `scripts/` without its extension. */
export function main(name: string, args: readonly string[]): void {
  const root = repositoryRoot()
  const entry = join(root, 'dist', 'scripts', `${name}.js`)
  if (!existsSync(entry)) {
    console.error(`scripts/${name}.ts is not there`)
    process.exitCode = EXIT.failed
    return
  }
  const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
    cwd: root,
    env: roomEnvironment(root, process.env),
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => (process.exitCode = code ?? EXIT.interrupted))
}
