/** The one error of this room: a plain sentence for people and the exit code for machines (OPS-002, OPS-006, OPS-020). */

/** Exit codes of the commands. 2, 3 and 4 are promised by OPS § 2, OPS-006 and OPS-020. */
export const EXIT = {
  ok: 0,
  failed: 1,
  frontPortTaken: 2,
  alreadyRunning: 3,
  notObtainable: 4,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export class LocalError extends Error {
  override readonly name = 'LocalError'
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
  ) {
    super(message)
  }
}
