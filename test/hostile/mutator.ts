/** A row of the catalogue: which operations it concerns, what it sends, what it expects (Q-HOS-00). */
import type { HttpAnswer, HttpRequest } from './http'
import type { HostileOperation } from './open-api'
import { expectProblem } from './problem'
import type { ValidRequest } from './valid-request'
import type { HostileWorld } from './world'

export interface Attempt {
  readonly name: string
  readonly request: HttpRequest
  /** Sent as well; its answer is compared with the first. */
  readonly twin?: HttpRequest
  readonly expect: (answer: HttpAnswer, twin: HttpAnswer) => void
}

export interface Mutator {
  readonly id: string
  readonly title: string
  /** Some attempts may be accepted as harmless: tables are then compared around each one instead of once around all. */
  readonly mayBeAccepted?: true
  readonly appliesTo: (operation: HostileOperation) => boolean
  readonly attempts: (valid: ValidRequest, world: HostileWorld) => readonly Attempt[]
}

/** An attempt that must be refused with one of these statuses. */
export function refused(name: string, request: HttpRequest, statuses: readonly number[]): Attempt {
  return { name, request, expect: (answer) => expectProblem(answer, statuses) }
}

export const isGuarded = ({ isPublic }: HostileOperation): boolean => !isPublic
export const hasBody = ({ body }: HostileOperation): boolean => body !== null
export const isList = ({ query }: HostileOperation): boolean => query.some(({ name }) => name === 'page_size')
export const takesRow = ({ pathParameters, isPublic }: HostileOperation): boolean => pathParameters.length > 0 && !isPublic
