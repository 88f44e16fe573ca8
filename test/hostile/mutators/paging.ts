/** Q-HOS-21: pages that do not exist and cursors that were never given. */
import { isList, refused, type Attempt, type Mutator } from '../mutator'
import { toHttp, type ValidRequest } from '../valid-request'

const BAD_NUMBERS = ['0', '-1', '1.5', 'NaN', 'Infinity', '1e3', '0x10', 'ten', '9007199254740993', '١', ' 1'] as const
const BAD_CURSORS = ['x', 'eyJhIjoxfQ', 'eyJhIjoxfQ.AAAA', '../etc/passwd', '-1', '0', 'null'] as const

const withQuery = (valid: ValidRequest, query: Readonly<Record<string, string>>) =>
  toHttp({ ...valid, query: { ...valid.query, ...query } })

export const paging: Mutator = {
  id: 'Q-HOS-21',
  title: 'page, page_size and cursor',
  appliesTo: isList,
  attempts: (valid, { foreign }): Attempt[] => [
    ...BAD_NUMBERS.flatMap((value) =>
      ['page', 'page_size'].map((name) => refused(`${name}=${value}`, withQuery(valid, { [name]: value }), [422])),
    ),
    ...['501', '1000000000'].map((value) => refused(`page_size=${value}`, withQuery(valid, { page_size: value }), [422])),
    refused('too deep', withQuery(valid, { page: '1001', page_size: '100' }), [422]),
    refused('an empty value', withQuery(valid, { page: '' }), [422]),
    ...BAD_CURSORS.map((cursor) => refused(`cursor=${cursor}`, withQuery(valid, { cursor }), [422])),
    ...foreign.cursors.map((cursor) => refused("another tenant's cursor", withQuery(valid, { cursor }), [422])),
  ],
}
