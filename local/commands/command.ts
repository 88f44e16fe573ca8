/** The frame of every command: `--help`, one plain sentence on failure, an exit code (OPS-002). */
import { EXIT, LocalError } from '../errors'

export interface Command {
  readonly help: string
  /** Resolves with the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>
}

/** Sets the exit code and lets the process end by itself, so that nothing written is lost. */
export async function runAsCommand(command: Command, args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(command.help)
    return
  }
  try {
    process.exitCode = await command.run(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof LocalError ? error.exitCode : EXIT.failed
  }
}
