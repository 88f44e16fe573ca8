/** The publisher's journal on disk: what the broker acknowledged and what the API answered, written before it is believed (Q-FLT-H2). */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** An uplink that the broker acknowledged. */
export interface UplinkEntry {
  readonly kind: 'uplink'
  /** Epoch ms of the acknowledgement. */
  readonly at: number
  readonly devEui: string
  readonly devAddr: string
  /** Ordinal of the session, for the reference model. */
  readonly session: number
  readonly fCnt: number
  readonly deduplicationId: string
  /** Network time, epoch ms. */
  readonly heardAt: number
  readonly occupied: boolean | null
}

/** A message that is no reading, acknowledged by the broker all the same. */
export interface PoisonEntry {
  readonly kind: 'poison'
  readonly at: number
  readonly what: string
  readonly topic: string
  readonly sha256: string
}

/** An answer of the API to a client's mutation; `key` is its Idempotency-Key. */
export interface AnswerEntry {
  readonly kind: 'answer'
  readonly at: number
  readonly key: string
  /** Method and path. */
  readonly what: string
  readonly status: number
  readonly body: unknown
}

export type JournalEntry = UplinkEntry | PoisonEntry | AnswerEntry

export interface Journal {
  readonly path: string
  note(entry: JournalEntry): void
  /** Read back from the disk, oldest first. */
  of<Kind extends JournalEntry['kind']>(kind: Kind): Extract<JournalEntry, { kind: Kind }>[]
}

export function openJournal(path: string): Journal {
  const read = (): JournalEntry[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as JournalEntry) // written by `note` alone
      : []
  return {
    path,
    note: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`),
    of: <Kind extends JournalEntry['kind']>(kind: Kind) =>
      read().filter((entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind),
  }
}
