/** UUIDv7: time-ordered ids that every row of ours is born with (D-21, RFC 9562 § 5.7). */
import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 4096
const RANDOM_BYTES = 10
const pool = new Uint8Array(POOL_BYTES)
let offset = POOL_BYTES

/** The next ten random bytes; drawn in bulk, since one system call per id would cost more than the id. */
function randomBytes(): Uint8Array {
  if (offset + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool)
    offset = 0
  }
  offset += RANDOM_BYTES
  return pool.subarray(offset - RANDOM_BYTES, offset)
}

/** `now` is milliseconds since the epoch. */
export function uuidV7(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0')
  const random = Buffer.from(randomBytes())
  random[0] = (random[0]! & 0x0f) | 0x70 // version 7
  random[2] = (random[2]! & 0x3f) | 0x80 // variant 10
  const tail = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`
}
