/** Q-HOS-10: JSON that is none, or more than a parser should take. */
import { hasBody, refused, type Mutator } from '../mutator'
import { toHttp, type ValidRequest } from '../valid-request'

const DEPTH = 10_000
const BOM = '\uFEFF'

/** At `/api/auth` so much depth is too much length already. */
const DEEP: readonly (readonly [name: string, text: string])[] = [
  ['arrays 10 000 deep', `{"a":${'['.repeat(DEPTH)}1${']'.repeat(DEPTH)}}`],
  ['objects 10 000 deep', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`],
  ['never closed', '['.repeat(DEPTH)],
]

/** Texts that are refused by the parser or by any schema; statuses as §4.2 allows. */
const TEXTS: readonly (readonly [name: string, text: (valid: ValidRequest) => string])[] = [
  ['not JSON', () => '{"a":'],
  ['single quotes', () => `{'a':1}`],
  ['a trailing comma', () => '{"a":1,}'],
  ['two documents', () => '{}{}'],
  ['a number beyond double', () => '{"a":1e400}'],
  ['a huge integer', () => `{"a":${'9'.repeat(400)}}`],
  ['half a surrogate pair', () => '{"a":"\\ud800"}'],
  ['NUL in a text', () => '{"a":"\\u0000"}'],
  ['NUL in a name', () => '{"a\\u0000":1}'],
  ['a byte order mark', ({ body }) => BOM + JSON.stringify(body)],
  ['an array', ({ body }) => JSON.stringify([body])],
  ['null', () => 'null'],
  ['a number', () => '1'],
  ['a text', () => '"text"'],
  ['NaN', () => '{"a":NaN}'],
]

export const brokenJson: Mutator = {
  id: 'Q-HOS-10',
  title: 'broken, deep and oversized JSON',
  appliesTo: hasBody,
  attempts: (valid) => [
    ...TEXTS.map(([name, text]) => refused(name, toHttp(valid, text(valid)), [400, 422])),
    ...DEEP.map(([name, text]) => refused(name, toHttp(valid, text), [400, 413])),
    refused('bytes that are not UTF-8', toHttp(valid, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), [400]),
  ],
}

export const wrongTypes: Mutator = {
  id: 'Q-HOS-10',
  title: 'every member as another type',
  appliesTo: ({ body }) => Object.keys(body?.properties ?? {}).length > 0,
  attempts: (valid) =>
    Object.keys(valid.operation.body?.properties ?? {}).flatMap((member) =>
      [{}, [[]], 1.5, true].map((value) =>
        refused(`${member}: ${JSON.stringify(value)}`, toHttp({ ...valid, body: { ...valid.body, [member]: value } }), [422]),
      ),
    ),
}
