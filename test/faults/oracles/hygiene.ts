/** O9 hygiene: no 500, no secret and no driver's words in any body or log line, no unhandled error. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Any answer of the API, also to reads. */
export interface HeardAnswer {
  readonly what: string
  readonly status: number
  readonly body: string
}

const PROGRAMS = ['api', 'listener', 'worker'] as const
/** Words of drivers, of SQL and of stacks that no client may read (D-24). */
const DRIVER_WORDS =
  /ECONNREFUSED|ECONNRESET|duplicate key value|violates|relation "|syntax error|terminating connection|\bat .+\.[jt]s:\d+|QueryFailedError/
const UNHANDLED = /unhandled ?rejection|uncaught ?exception|triggerUncaughtException|ERR_UNHANDLED/i

export function findBadAnswers(answers: readonly HeardAnswer[]): string[] {
  return answers.flatMap(({ what, status, body }) => [
    ...(status === 500 ? [`O9: ${what} answered 500: ${body.slice(0, 200)}`] : []),
    ...(DRIVER_WORDS.test(body) ? [`O9: ${what} answered ${status} with a driver's words: ${body.slice(0, 200)}`] : []),
  ])
}

/** `dataDir`: the stack's folder, with its logs and its secrets. */
export function findBadLines(dataDir: string): string[] {
  const secrets = Object.values(JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>)
  return PROGRAMS.flatMap((program) => {
    const file = join(dataDir, 'logs', `${program}.log`)
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    return lines.flatMap((line) => {
      if (secrets.some((secret) => secret.length > 8 && line.includes(secret))) return [`O9: the log of ${program} holds a secret`]
      return UNHANDLED.test(line) ? [`O9: ${program}: ${line.slice(0, 300)}`] : []
    })
  })
}
