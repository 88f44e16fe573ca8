/** Types that tie an implementation to a generated service definition: one typed function per method, absent = 12. */
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import type { ApiToken } from '../state'

export type Method<Request, Response> = (request: Request, caller: ApiToken) => Response

export type Methods<Definition> = {
  readonly [Name in keyof Definition as string extends Name ? never : Name]?: Definition[Name] extends MethodDefinition<
    infer Request,
    infer Response
  >
    ? Method<Request, Response>
    : never
}

/** What the generated definitions have in common, without their index signature of `any`. */
export interface BoundService {
  readonly definition: ServiceDefinition
  readonly methods: Readonly<Record<string, Method<unknown, unknown> | undefined>>
}

/** Forgets the types that `methods` was checked with: the wire hands over exactly what the definition names. */
export function bindService<Definition extends ServiceDefinition>(definition: Definition, methods: Methods<Definition>): BoundService {
  return { definition, methods: methods as BoundService['methods'] }
}
