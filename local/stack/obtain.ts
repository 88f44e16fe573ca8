/** Finds every tool before anything is touched, then obtains them (OPS-020). */
import { EXIT, LocalError } from '../errors'
import { findMosquitto } from '../services/mosquitto'
import { findPostgres, type PostgresTool } from '../services/postgres-binaries'
import { findRedis } from '../services/redis'
import type { FindContext, Search, Tool } from '../services/service'
import { findTemporal, type TemporalTool } from '../services/temporal-binaries'

/** The services that this stack is to start itself; the others come from the environment. */
export interface Wanted {
  readonly postgres: boolean
  readonly redis: boolean
  readonly mqtt: boolean
  readonly temporal: boolean
}

export interface Tools {
  readonly postgres: PostgresTool | null
  readonly redis: Tool | null
  readonly mqtt: Tool | null
  readonly temporal: TemporalTool | null
}

type Finder<T> = (context: FindContext) => Search<T>

/** Touches nothing. Throws LocalError (exit 4) naming every row that cannot be had, with what was tried and what helps. */
export function findTools(wanted: Wanted, context: FindContext): () => Promise<Tools> {
  const problems: string[] = []
  const look = <T>(isWanted: boolean, find: Finder<T>): (() => Promise<T | null>) => {
    if (!isWanted) return () => Promise.resolve(null)
    const search = find(context)
    if ('missing' in search) problems.push(search.missing)
    return 'found' in search ? search.found.obtain : () => Promise.resolve(null)
  }
  const obtain = {
    postgres: look(wanted.postgres, findPostgres),
    redis: look(wanted.redis, findRedis),
    mqtt: look(wanted.mqtt, findMosquitto),
    temporal: look(wanted.temporal, findTemporal),
  }
  if (problems.length > 0)
    throw new LocalError(`this cannot be obtained:\n${problems.map((line) => `  ${line}`).join('\n')}`, EXIT.notObtainable)
  return async () => ({
    postgres: await obtain.postgres(),
    redis: await obtain.redis(),
    mqtt: await obtain.mqtt(),
    temporal: await obtain.temporal(),
  })
}
