/** The repositories of a unit of work as services name them; the rooms behind the door stay closed (house § 2). */
import type { UnitOfWork } from '#db/unit-of-work'

export type Repositories = Parameters<Parameters<UnitOfWork['withTenant']>[1]>[0]
export type PlatformRepositories = Parameters<Parameters<UnitOfWork['withPlatform']>[1]>[0]
export type Lookups = Parameters<Parameters<UnitOfWork['withLookups']>[0]>[0]

type Answers<F> = F extends (...values: never[]) => Promise<infer R> ? R : never
type One<R> = R extends readonly (infer E)[] ? E : R

/** The row that a method of a repository answers: `Row<'users', 'get'>`. */
export type Row<K extends keyof Repositories, M extends keyof Repositories[K]> = NonNullable<One<Answers<Repositories[K][M]>>>
