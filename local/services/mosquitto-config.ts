/** The broker's three files: settings, who may come in, and what each may say and hear (OPS-070). */
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Secrets } from '../secrets'
import { LOOPBACK, type StackMode } from './service'

export interface MosquittoFiles {
  readonly folder: string
  readonly passwordFile: string
  readonly aclFile: string
}

/** Mosquitto's `$7$` format: PBKDF2-SHA512, 12 bytes of salt, 64 of key. Source: mosquitto_passwd(1) and its 2.0 sources. */
const HASH = { iterations: 101, saltBytes: 12, keyBytes: 64 } as const

/** `local` is the user of the banner: people and tools may play the network server's part (OPS-003). */
const ACL: Readonly<Record<string, readonly string[]>> = {
  chirpstack: ['readwrite application/#', 'readwrite +/gateway/#'],
  bridge: ['write +/gateway/+/event/#', 'write +/gateway/+/state/#', 'read +/gateway/+/command/#'],
  listener: ['read application/+/device/+/event/+', 'readwrite parking/heartbeat/#'],
  health: ['read $SYS/#'],
  local: ['readwrite application/#'],
}
/** In tests one user plays every part. */
const TEST_ACL: readonly string[] = ['readwrite #', 'read $SYS/#']

export function mosquittoConfig(files: MosquittoFiles, ports: { mqtt: number; mqttWebsocket: number }, asRoot: boolean): string {
  return [
    `listener ${ports.mqtt} ${LOOPBACK}`,
    `listener ${ports.mqttWebsocket} ${LOOPBACK}`,
    'protocol websockets',
    'allow_anonymous false',
    `password_file ${files.passwordFile}`,
    `acl_file ${files.aclFile}`,
    'persistence true',
    `persistence_location ${files.folder}/`,
    'autosave_interval 30',
    'autosave_on_changes false',
    'max_queued_messages 500000',
    'max_inflight_messages 1000',
    'message_size_limit 262144',
    'persistent_client_expiration 24h',
    'log_dest stdout',
    ...(asRoot ? ['user root'] : []), // else it drops to an account that may not reach the data folder
    '',
  ].join('\n')
}

export function mosquittoAcl(mode: StackMode): string {
  const users = Object.entries(mode === 'test' ? { ...ACL, local: TEST_ACL } : ACL)
  return users.map(([user, topics]) => [`user ${user}`, ...topics.map((topic) => `topic ${topic}`), ''].join('\n')).join('\n')
}

export function mosquittoPasswords(secrets: Secrets): string {
  const users: Record<string, string> = {
    local: secrets.mqttLocalPassword,
    listener: secrets.mqttListenerPassword,
    chirpstack: secrets.mqttChirpstackPassword,
    bridge: secrets.mqttBridgePassword,
    health: secrets.mqttHealthPassword,
  }
  return `${Object.entries(users)
    .map(([user, password]) => `${user}:${hashPassword(password)}`)
    .join('\n')}\n`
}

function hashPassword(password: string): string {
  const salt = randomBytes(HASH.saltBytes)
  const key = pbkdf2Sync(password, salt, HASH.iterations, HASH.keyBytes, 'sha512')
  return `$7$${HASH.iterations}$${salt.toString('base64')}$${key.toString('base64')}`
}
