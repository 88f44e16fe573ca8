/** Reads variables of the caller's environment, secrets also from files (OPS-100). */
import { readFileSync } from 'node:fs'

/** The value of `X`, else the content of the file that `X_FILE` names; undefined when neither is set. */
export function readVariable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  if (env[name]) return env[name]
  const file = env[`${name}_FILE`]
  return file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : undefined
}

/** `true` unless it is set to one of the words for no. */
export function isEnabled(env: NodeJS.ProcessEnv, name: string): boolean {
  return !['false', 'off', '0', 'no'].includes((env[name] ?? '').toLowerCase())
}

/** The environment with `values` set, and without the `_FILE` twin of each: a process refuses to be given both. */
export function withVariables(env: NodeJS.ProcessEnv, values: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const twins = given.map(([name]) => `${name}_FILE`)
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !twins.includes(name))), ...Object.fromEntries(given) }
}
