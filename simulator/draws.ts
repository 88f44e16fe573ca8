/** Random draws keyed by (seed, entity, purpose): one more entity changes no other's draws (LW-154). */
import { createHash } from 'node:crypto'

export interface Draws {
  /** In [0, 1). */
  number(entity: string, purpose: string): number
  /** Whole number in [min, max]. */
  integer(key: DrawKey, min: number, max: number): number
  /** Lower-case hex digits of `bytes` (at most 32) bytes. */
  hex(key: DrawKey, bytes: number): string
  /** The same every time it is asked for. */
  constantHex(key: DrawKey, bytes: number): string
  /** In the shape of a version-4 UUID. */
  uuid(entity: string, purpose: string): string
}

export type DrawKey = readonly [entity: string, purpose: string]

const UUID_SHAPE = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/

/**
 * Same seed and same order of draws per key, same values, on every platform: SHA-256 of seed, key and a counter.
 * `era` goes into ids and addresses alone: a server that starts anew must not name its events as it named them before.
 */
export function createDraws(seed: number, era = ''): Draws {
  const counters = new Map<string, number>()

  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

  function digest(entity: string, purpose: string, run = ''): Buffer {
    const key = `${seed}|${entity}|${purpose}${run}`
    const count = counters.get(key) ?? 0
    counters.set(key, count + 1)
    return hash(`${key}|${count}`)
  }

  const number = (entity: string, purpose: string): number => digest(entity, purpose).readUIntBE(0, 6) / 2 ** 48

  return {
    number,
    integer: ([entity, purpose], min, max) => min + Math.floor(number(entity, purpose) * (max - min + 1)),
    hex: ([entity, purpose], bytes) => digest(entity, purpose, era).toString('hex', 0, bytes),
    constantHex: ([entity, purpose], bytes) => hash(`${seed}|${entity}|${purpose}`).toString('hex', 0, bytes),
    uuid: (entity, purpose) => digest(entity, purpose, era).toString('hex', 0, 16).replace(UUID_SHAPE, '$1-$2-4$3-a$4-$5'),
  }
}
