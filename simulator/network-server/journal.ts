/** What the simulated world did, in order: the oracle of the fault tests (LW-155) and the proof of determinism (LW-154). */
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** Beyond this, entries go to the file, or the oldest are forgotten (LW-156). */
const MAX_ENTRIES = 100_000

export type JournalEntry =
  | {
      readonly type: 'event'
      readonly at: number
      readonly event: number
      readonly kind: string
      readonly devEui: string
      readonly body: unknown
      readonly fate: EventFate
    }
  | { readonly type: 'puback'; readonly at: number; readonly event: number }
  | {
      readonly type: 'grpc'
      readonly at: number
      readonly method: string
      readonly request: unknown
      readonly code: number
      readonly reply: unknown
    }
  | { readonly type: 'command'; readonly at: number; readonly devEui: string; readonly outcome: string }
  | {
      readonly type: 'lamp'
      readonly at: number
      readonly devEui: string
      /** RRGGBB and the phases, e.g. `00FF00/255/0`. */
      readonly look: string
      /** Null = the lamp's own doing: power-up or join. */
      readonly queueItemId: string | null
    }
  | { readonly type: 'hardware'; readonly at: number; readonly devEui: string; readonly what: string }
  | {
      readonly type: 'decision'
      readonly at: number
      readonly spaceId: string
      readonly state: string
      readonly reason: string
      readonly situation: string
      readonly until: number | null
    }
  | { readonly type: 'booking'; readonly at: number; readonly spaceId: string; readonly what: string }
  | { readonly type: 'control'; readonly at: number; readonly what: string; readonly subject: string }

export type EventFate = 'published' | 'dropped'

export interface Journal {
  add(entry: JournalEntry): void
  /** What is still in memory, oldest first. */
  entries(): readonly JournalEntry[]
  /** Of the given type, in order. */
  of<Type extends JournalEntry['type']>(type: Type): readonly Extract<JournalEntry, { type: Type }>[]
  /** Of the given type, ever added. */
  count(type: JournalEntry['type']): number
  /** Of everything ever added, one JSON line each. */
  sha256(): string
}

/** `filePath`: where entries go that memory no longer holds. */
export function createJournal(filePath?: string): Journal {
  const hash = createHash('sha256')
  const counts = new Map<JournalEntry['type'], number>()
  let entries: JournalEntry[] = []

  function makeRoom(): void {
    const oldest = entries.slice(0, MAX_ENTRIES / 2)
    entries = entries.slice(oldest.length)
    if (filePath) appendFileSync(filePath, oldest.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }

  return {
    add: (entry) => {
      entries.push(entry)
      counts.set(entry.type, (counts.get(entry.type) ?? 0) + 1)
      hash.update(`${JSON.stringify(entry)}\n`)
      if (entries.length > MAX_ENTRIES) makeRoom()
    },
    entries: () => entries,
    of: <Type extends JournalEntry['type']>(type: Type) =>
      entries.filter((entry): entry is Extract<JournalEntry, { type: Type }> => entry.type === type),
    count: (type) => counts.get(type) ?? 0,
    sha256: () => hash.copy().digest('hex'),
  }
}
