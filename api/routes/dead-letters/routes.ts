/** `/api/v6/ingest/dead-letters`: who serves which operation. */
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from '#contract/dead-letters'
import { serve, type Route } from '../../middleware/call'
import type { Lists } from '../shared/lists'
import { toRange } from '../shared/site-time'
import { presentDeadLetter, presentDeadLetterDetail } from './presenter'
import type { DeadLetterService } from './service'

const DEAD_LETTERS = { key: 'dead_letters', defaultSort: [{ key: 'received_at', descending: true }] } as const

export function createDeadLetterRoutes({ service, lists }: { readonly service: DeadLetterService; readonly lists: Lists }): Route[] {
  return [
    serve(listDeadLetters, async ({ principal, input: { query } }) => {
      const filters = { reasons: query.reason, devEui: query.dev_eui, statuses: query.status, ...toRange(query) }
      const page = await service.list(principal, lists.request(DEAD_LETTERS, query, principal), filters)
      return {
        body: lists.envelope(DEAD_LETTERS, page, { input: query, principal, present: (letter) => presentDeadLetter(letter, principal) }),
      }
    }),
    serve(getDeadLetter, async ({ principal, input: { params } }) => {
      const letter = await service.get(principal, params.id)
      return { body: presentDeadLetterDetail(letter, principal), version: letter.attempts }
    }),
    serve(replayDeadLetter, (call) => service.replay(call, call.input.params.id)),
    serve(discardDeadLetter, (call) => service.discard(call, call.input.params.id, call.input.body.reason)),
  ]
}
