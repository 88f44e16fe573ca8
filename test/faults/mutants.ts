/** One safeguard switched off at a time: what the fault suite must notice (Q-FLT-36). */
export interface Mutant {
  readonly name: string
  /** End of the compiled file's path. */
  readonly file: string
  /** Stands in it exactly once. */
  readonly anchor: string
  readonly replacement: string
}

export const MUTANTS = {
  acknowledgeBeforeCommit: {
    name: 'acknowledge before the commit',
    file: 'dist/api/ingest/mqtt-member.js',
    anchor: 'inHand = onMessage(',
    replacement: 'acknowledge(); acknowledge = () => undefined; inHand = onMessage(',
  },
  noDedupe: {
    name: 'no look for the same frame among the stored ones',
    file: 'dist/domain/device/classify-frame.js',
    anchor: 'const isRepeat = frame.isStored',
    replacement: 'const isRepeat = false',
  },
  noRelay: {
    name: 'no outbox relay',
    file: 'dist/activities/outbox/drain-outbox.js',
    anchor: 'const settled = await dispatcher.drain(BATCH)',
    replacement: 'const settled = 0',
  },
  noReadBack: {
    name: 'enqueue again without reading the queue back',
    file: 'dist/activities/downlink/enqueue.js',
    anchor: `outcome.kind === 'ambiguous' ? await readBack(input, item, attempt) : outcome`,
    replacement: `outcome.kind === 'ambiguous' ? await send(deps, item) : outcome`,
  },
  noIdempotency: {
    name: 'no idempotency record',
    file: 'dist/api/middleware/idempotency.js',
    anchor: 'ctx.state.claim = counts',
    replacement: 'ctx.state.claim = false && counts',
  },
} as const satisfies Record<string, Mutant>
