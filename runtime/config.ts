/** Reads the environment once per process: parsed, complete, frozen; every problem named together, exit 78 (H-60, OPS-100, OPS-105). */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { CONFIG_SCHEMAS, SECRET_VARIABLES, type ProcessKind } from './config-schema'

type Environment = Readonly<Record<string, string | undefined>>

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}` : Lowercase<S>
type Camelised<T> = { readonly [K in keyof T as Camel<K & string>]: T[K] }

/** `DATABASE_POOL_MAX` is read as `databasePoolMax`. */
export type Config<K extends ProcessKind> = Camelised<z.output<(typeof CONFIG_SCHEMAS)[K]>>

/** `EX_CONFIG` of sysexits(3): the supervisor need not try again. */
export const EXIT_BAD_CONFIG = 78
const MIN_SECRET_BYTES = 32
/** Everywhere else an empty variable counts as unset; an empty group means a plain subscription (OPS-012). */
const EMPTY_MEANS_SOMETHING: ReadonlySet<string> = new Set(['MQTT_SHARED_GROUP'])
const LOCAL_ONLY = ['DEMO_DATA', 'SIMULATOR_ENABLED', 'CLOCK_OFFSET_MS', 'COMPAT_V5_WEBHOOK_SECRETS', 'LOG_PRETTY']
const SIGNING_SECRETS = ['JWT_SECRET', 'JWT_PREVIOUS_SECRET', 'ENCRYPTION_KEY', 'METRICS_TOKEN']

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(`wrong configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

/** Throws ConfigError with every problem; variable names are told, values never. */
export function loadConfig<K extends ProcessKind>(kind: K, environment: Environment): Config<K> {
  const problems: string[] = []
  const given = withSecretFiles(environment, problems)
  const parsed = CONFIG_SCHEMAS[kind].safeParse(given)
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  if (given['NODE_ENV'] === 'production') problems.push(...productionProblems(given))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  const entries = Object.entries(parsed.data).map(([name, value]) => [camelise(name), value])
  return Object.freeze(Object.fromEntries(entries)) as Config<K> // same keys as the schema, spelled by `camelise`
}

const camelise = (name: string): string => name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

function withSecretFiles(environment: Environment, problems: string[]): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && (value !== '' || EMPTY_MEANS_SOMETHING.has(name))) given[name] = value
  for (const name of SECRET_VARIABLES) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) problems.push(`${name}: set it or ${name}_FILE, not both`)
    else given[name] = readSecret(name, path, problems)
  }
  return given
}

function readSecret(name: string, path: string, problems: string[]): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    if (text !== '') return text
    problems.push(`${name}_FILE: the file is empty`)
  } catch {
    problems.push(`${name}_FILE: the file cannot be read`) // the reason may name a path; the variable's name is enough
  }
  return undefined
}

/** What a development machine may do and production may not (OPS-105). */
function productionProblems(given: Environment): string[] {
  const problems = secretProblems(given)
  if (given['CORS_ORIGINS']?.includes('*')) problems.push('CORS_ORIGINS: must not hold *')
  if (given['PUBLIC_URL']?.startsWith('https://') === false) problems.push('PUBLIC_URL: must be https')
  if (given['RATE_LIMIT_ENABLED'] === 'false') problems.push('RATE_LIMIT_ENABLED: must stay on')
  const present = LOCAL_ONLY.filter((name) => given[name] !== undefined)
  return [...problems, ...present.map((name) => `${name}: not in production`)]
}

/** Each secret is long enough and serves one purpose. */
function secretProblems(given: Environment): string[] {
  const problems: string[] = []
  const seen = new Map<string, string>()
  for (const name of SIGNING_SECRETS) {
    const value = given[name]
    if (value === undefined) continue
    if (Buffer.byteLength(value) < MIN_SECRET_BYTES) problems.push(`${name}: shorter than ${MIN_SECRET_BYTES} bytes`)
    const other = seen.get(value)
    if (other !== undefined) problems.push(`${name}: the same secret as ${other}`)
    seen.set(value, name)
  }
  return problems
}
