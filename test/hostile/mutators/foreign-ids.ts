/** Q-HOS-01, Q-HOS-02: another tenant's ids are as unknown as random ones, wherever they stand. */
import { randomUUID } from 'node:crypto'
import type { HttpAnswer } from '../http'
import { isGuarded, takesRow, type Attempt, type Mutator } from '../mutator'
import { comparable, expectProblem } from '../problem'
import { resourceOf, toHttp, type ValidRequest } from '../valid-request'

function expectUnknown(answer: HttpAnswer, twin: HttpAnswer): void {
  expectProblem(answer, [404])
  expect(comparable(answer)).toEqual(comparable(twin))
}

/** In a filter it yields an empty list, or counters of nothing (API-019). */
function expectNothing(answer: HttpAnswer, twin: HttpAnswer): void {
  expect(comparable(answer)).toEqual(comparable(twin))
  if (answer.status !== 200) expectProblem(answer, [404, 422])
  else if (Array.isArray(answer.json?.['items'])) expect(answer.json['items']).toEqual([])
}

const withParam = (valid: ValidRequest, name: string, value: string) => toHttp({ ...valid, params: { ...valid.params, [name]: value } })
const withQuery = (valid: ValidRequest, name: string, value: string) => toHttp({ ...valid, query: { ...valid.query, [name]: value } })
const withMember = (valid: ValidRequest, name: string, value: string) => toHttp({ ...valid, body: { ...valid.body, [name]: value } })

/** Query parameters that name rows: `site_id`, `tenant_id`, `device_id`, … */
const FILTER_ROWS: Readonly<Record<string, string>> = {
  tenant_id: 'tenants',
  site_id: 'sites',
  space_id: 'spaces',
  device_id: 'devices',
  gateway_id: 'gateways',
}

export const foreignIdInPath: Mutator = {
  id: 'Q-HOS-01',
  title: 'id of another tenant in the path',
  appliesTo: takesRow,
  attempts: (valid, { foreign }) =>
    valid.operation.pathParameters.flatMap(({ name }): Attempt[] => {
      const id = foreign.ids[resourceOf(valid.operation, name)]
      if (id === undefined) return []
      return [
        { name: `foreign ${name}`, request: withParam(valid, name, id), twin: withParam(valid, name, randomUUID()), expect: expectUnknown },
      ]
    }),
}

export const foreignIdInQuery: Mutator = {
  id: 'Q-HOS-01',
  title: 'id of another tenant in a filter',
  appliesTo: (operation) => isGuarded(operation) && operation.query.some(({ name }) => name in FILTER_ROWS),
  attempts: (valid, { foreign }) =>
    valid.operation.query.flatMap(({ name }): Attempt[] => {
      const id = foreign.ids[FILTER_ROWS[name] ?? '']
      if (id === undefined) return []
      return [
        { name: `foreign ${name}`, request: withQuery(valid, name, id), twin: withQuery(valid, name, randomUUID()), expect: expectNothing },
      ]
    }),
}

export const foreignIdInBody: Mutator = {
  id: 'Q-HOS-02',
  title: 'id of another tenant in the body',
  appliesTo: (operation) => isGuarded(operation) && Object.keys(operation.body?.properties ?? {}).some((name) => name in FILTER_ROWS),
  attempts: (valid, { foreign }) =>
    Object.keys(valid.operation.body?.properties ?? {}).flatMap((name): Attempt[] => {
      const id = foreign.ids[FILTER_ROWS[name] ?? '']
      if (id === undefined) return []
      return [
        {
          name: `foreign ${name}`,
          request: withMember(valid, name, id),
          twin: withMember(valid, name, randomUUID()),
          expect: expectUnknown,
        },
      ]
    }),
}
