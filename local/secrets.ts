/** Random secrets of one data folder: made at the first start, kept over restarts, readable by their owner only (OPS-021). */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const SECRET_NAMES = [
  'postgresPassword',
  'temporalPassword',
  'ownerPassword',
  'appPassword',
  'redisPassword',
  'mqttLocalPassword',
  'mqttListenerPassword',
  'mqttChirpstackPassword',
  'mqttBridgePassword',
  'mqttHealthPassword',
  'chirpstackApiToken',
  'jwtSecret',
  'encryptionKey',
  'backupEncryptionKey',
  'metricsToken',
] as const

export type SecretName = (typeof SECRET_NAMES)[number]
export type Secrets = Readonly<Record<SecretName, string>>

/** These two are keys of 32 bytes in base64 (OPS § 5); the rest is only ever compared, and hex needs no escaping in a URL. */
const BASE64_KEYS: readonly SecretName[] = ['encryptionKey', 'backupEncryptionKey']
const OWNER_ONLY = 0o600
const SECRET_BYTES = 32

/** Reads `file`, adds what a newer version needs, and makes sure that nobody else can read it. */
export function loadSecrets(file: string): Secrets {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {} // written below, by us
  const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, known[name] ?? makeSecret(name)])) as Secrets // all names
  if (SECRET_NAMES.some((name) => known[name] === undefined)) writeOwnerOnly(file, `${JSON.stringify(secrets, null, 2)}\n`)
  chmodSync(file, OWNER_ONLY)
  return secrets
}

/** Writes a file that holds a secret: mode 0600 from its first byte, and whole or not at all. */
export function writeOwnerOnly(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, text, { mode: OWNER_ONLY })
  renameSync(draft, file)
}

function makeSecret(name: SecretName): string {
  return randomBytes(SECRET_BYTES).toString(BASE64_KEYS.includes(name) ? 'base64' : 'hex')
}
