/** Create, get, update and delete of what has a UUID and belongs to a tenant: applications, profiles, multicast groups. */
import type { Message } from 'google-protobuf'
import type { Simulation } from '../simulation'
import { stored, type ApiToken, type Stored } from '../state'
import { assertMay, visible } from './caller'
import { invalidArgument } from './grpc-error'
import { assertName, parseUuid, timestampOf } from './values'
import type { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb'

export interface NamedMessage extends Message {
  getId(): string
  setId(id: string): void
  getName(): string
}

export interface StoreRules<Kept extends NamedMessage, Row extends Stored<Kept>> {
  readonly rows: Map<string, Row>
  /** What the object is called where ids are drawn. */
  readonly entity: string
  /** Null when what it belongs to does not exist. */
  readonly tenantIdOf: (message: Kept) => string | null
  /** Throws for what the database would refuse. */
  readonly assertReferences: (message: Kept) => void
  readonly toRow: (row: Stored<Kept>) => Row
}

export interface StoreAccess<Kept extends NamedMessage, Row extends Stored<Kept>> {
  create(message: Kept, caller: ApiToken): string
  get(id: string, caller: ApiToken): Row
  /** Replaces the whole object (LW-023). */
  update(message: Kept, caller: ApiToken): void
  delete(id: string, caller: ApiToken): void
}

export function createStoreAccess<Kept extends NamedMessage, Row extends Stored<Kept>>(
  { clock, draws }: Simulation,
  { rows, entity, tenantIdOf, assertReferences, toRow }: StoreRules<Kept, Row>,
): StoreAccess<Kept, Row> {
  function find(id: string, caller: ApiToken, isWrite: boolean): Row {
    const row = rows.get(parseUuid(id))
    return visible(caller, row, { tenantId: row ? tenantIdOf(row.message) : null, isWrite, id })
  }

  return {
    create: (message, caller) => {
      assertMay(caller, { tenantId: tenantIdOf(message), isWrite: true })
      assertName(message.getName())
      assertReferences(message)
      const kept = message.cloneMessage()
      kept.setId(draws.uuid(entity, 'id'))
      rows.set(kept.getId(), toRow(stored(kept, clock.now())))
      return kept.getId()
    },
    get: (id, caller) => find(id, caller, false),
    update: (message, caller) => {
      const row = find(message.getId(), caller, true)
      assertName(message.getName())
      row.message = message.cloneMessage()
      row.updatedAt = clock.now()
    },
    delete: (id, caller) => {
      find(id, caller, true)
      rows.delete(parseUuid(id))
    },
  }
}

/** Sets what a message is made of and returns it: the generated setters return nothing. */
export function build<Built>(message: Built, fill: (message: Built) => void): Built {
  fill(message)
  return message
}

interface Dated {
  setCreatedAt(value?: Timestamp): void
  setUpdatedAt(value?: Timestamp): void
}

export function setTimes(target: Dated, { createdAt, updatedAt }: Stored<unknown>): void {
  target.setCreatedAt(timestampOf(createdAt))
  target.setUpdatedAt(timestampOf(updatedAt))
}

/** A sub-message that the caller has to send. */
export function required<Given>(given: Given | undefined, name: string): Given {
  if (given === undefined) throw invalidArgument(`${name} is missing`)
  return given
}
