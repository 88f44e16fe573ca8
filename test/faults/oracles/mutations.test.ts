import type { AnswerEntry } from '../journal'
import { findAuditFaults, requestIdOf } from './mutations'

const answer = (status: number): AnswerEntry => ({ kind: 'answer', at: 1, key: 'k', what: 'POST /x', status, body: null })
const row = (attempt: number) => ({ requestId: requestIdOf('k', attempt), action: 'space.block' })

describe('O6 sees', () => {
  test('nothing when one mutation left one row, whichever try did it', () => {
    expect(findAuditFaults([answer(201), answer(201)], [row(2)])).toEqual([])
    expect(findAuditFaults([answer(409)], [])).toEqual([])
  })

  test('a mutation twice, one without its row, and a refused one with a row', () => {
    expect(findAuditFaults([answer(201)], [row(1), row(2)])).toHaveLength(1)
    expect(findAuditFaults([answer(201)], [])).toHaveLength(1)
    expect(findAuditFaults([answer(422)], [row(1)])).toHaveLength(1)
  })
})
