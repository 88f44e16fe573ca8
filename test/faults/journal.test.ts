import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal, type JournalEntry } from './journal'

describe('the publisher’s journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parking-journal-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('Q-FLT-H2: what was noted is read back from the disk, by kind and in order', () => {
    const path = join(folder, 'one.jsonl')
    const poison = { kind: 'poison', at: 1, what: 'not JSON', topic: 't', sha256: 'aa' } as const satisfies JournalEntry
    const answer = { kind: 'answer', at: 2, key: 'k', what: 'POST /x', status: 201, body: { id: 'é' } } as const satisfies JournalEntry
    const journal = openJournal(path)
    journal.note(poison)
    journal.note(answer)
    expect(openJournal(path).of('answer')).toEqual([answer])
    expect(openJournal(path).of('poison')).toEqual([poison])
    expect(journal.of('uplink')).toEqual([])
  })

  test('Q-FLT-H2: a journal that nobody wrote is empty', () => {
    expect(openJournal(join(folder, 'none.jsonl')).of('uplink')).toEqual([])
  })
})
