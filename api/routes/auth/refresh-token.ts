/** Refresh tokens: opaque, recognised by hash alone; a successor is kept sealed for the ten seconds of grace (D-14, API-221, DB-107). */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32
const KEY_VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

export const newRefreshToken = (): string => `rt_${randomBytes(SECRET_BYTES).toString('base64url')}`

/** What is stored and looked up. */
export const hashRefreshToken = (token: string): Buffer => createHash('sha256').update(token).digest()

export interface Sealer {
  seal(token: string): Buffer
  /** Null when it was sealed with a key that is no longer configured, or altered. */
  open(sealed: Buffer): string | null
}

/** AES-256-GCM under a key derived from `ENCRYPTION_KEY`; first byte = key version, then nonce, tag, text. */
export function createSealer(encryptionKey: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'parking refresh successor', 32))
  return {
    seal(token) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([KEY_VERSION]), nonce, cipher.getAuthTag(), text])
    },
    open(sealed) {
      if (sealed[0] !== KEY_VERSION) return null
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch {
        return null // the tag does not fit: not ours to open
      }
    },
  }
}
