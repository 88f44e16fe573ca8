/**
 * Which repositories a unit of work hands out. A repository is a function of its transaction; it is made when first used.
 * To add one: write `repositories/<name>.repository.ts` and add a line to the list of each door that may use it.
 */
import { createLookupRepository } from './repositories/lookup.repository'
import type { TenantTx, Tx } from './tx'

type Factories<T extends Tx> = Readonly<Record<string, (tx: T) => object>>
type Bound<F> = { readonly [K in keyof F]: F[K] extends (tx: never) => infer R ? R : never }

const tenantFactories = {} as const satisfies Factories<TenantTx>
const platformFactories = {} as const satisfies Factories<Tx>
const ingestFactories = {} as const satisfies Factories<Tx>
const lookupFactories = {
  lookup: createLookupRepository,
} as const satisfies Factories<Tx>

export type TenantRepositories = Bound<typeof tenantFactories>
export type PlatformRepositories = Bound<typeof platformFactories>
export type IngestRepositories = Bound<typeof ingestFactories>
export type Lookups = Bound<typeof lookupFactories>

/** Makes an object whose members build their repository at first use, so that a transaction pays only for what it uses. */
function binder<T extends Tx, F extends Factories<T>>(factories: F): (tx: T) => Bound<F> {
  return (tx) => {
    const bound = {}
    for (const [name, create] of Object.entries(factories)) {
      let made: object | undefined
      Object.defineProperty(bound, name, { enumerable: true, get: () => (made ??= create(tx)) })
    }
    return bound as Bound<F> // each key of F was defined just above
  }
}

export const bindTenant = binder<TenantTx, typeof tenantFactories>(tenantFactories)
export const bindPlatform = binder<Tx, typeof platformFactories>(platformFactories)
export const bindIngest = binder<Tx, typeof ingestFactories>(ingestFactories)
export const bindLookups = binder<Tx, typeof lookupFactories>(lookupFactories)
