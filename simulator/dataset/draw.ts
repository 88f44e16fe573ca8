/** Chance by seed: every draw is keyed by (seed, purpose), so that adding one thing moves no other (LW-154, OPS-023). */
import { createHash } from 'node:crypto'

const digest = (seed: number, purpose: string): Buffer => createHash('sha256').update(`${seed}/${purpose}`).digest()

/** A stable id with the shape of a UUIDv7, so that seeded rows look like all others. */
export function stableId(seed: number, purpose: string): string {
  const hex = digest(seed, purpose).toString('hex')
  return `0197a000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`
}

/** A number in [0, 1). */
export function draw(seed: number, purpose: string): number {
  return digest(seed, purpose).readUInt32BE(0) / 2 ** 32
}
