/** Q-HOS-32: tricks with paths, redirects and overriding headers; never a redirect, never another operation. */
import type { HttpAnswer } from '../http'
import { takesRow, type Attempt, type Mutator } from '../mutator'
import { expectHonest, expectProblem } from '../problem'
import { toHttp } from '../valid-request'

const IDS = [
  '%2e%2e',
  '%2e%2e%2f%2e%2e',
  '..%2f',
  '%00',
  '%0d%0aSet-Cookie:x=1',
  '%2F',
  '%5c..%5c',
  '..;',
  '%c0%ae%c0%ae',
  '%',
  '%zz',
  '.',
  '..',
] as const
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'] as const

function expectElsewhere(answer: HttpAnswer): void {
  expectProblem(answer, [400, 404, 405, 422])
  expect(answer.headers.location).toBeUndefined()
  expect(answer.headers['set-cookie']).toBeUndefined()
}

export const trickyIds: Mutator = {
  id: 'Q-HOS-32',
  title: 'encoded dots, slashes and NUL as an id',
  appliesTo: takesRow,
  attempts: (valid) =>
    IDS.map((id): Attempt => {
      const request = toHttp({ ...valid, params: Object.fromEntries(Object.keys(valid.params).map((name) => [name, 'TRICK'])) })
      return { name: id, request: { ...request, target: request.target.replaceAll('TRICK', id) }, expect: expectElsewhere }
    }),
}

export const crookedPaths: Mutator = {
  id: 'Q-HOS-32',
  title: 'doubled slashes and dot segments are not normalised',
  appliesTo: ({ path }) => path.split('/').length > 2,
  attempts: (valid) => {
    const { target, ...rest } = toHttp(valid)
    const variants = [
      target.replace('/', '//'),
      target.replace(/^\/([^/]+)\//, '/$1//'),
      target.replace(/^\/([^/]+)\//, '/$1/./'),
      `/x/..${target}`,
    ]
    return variants.map((crooked): Attempt => ({ name: crooked, request: { ...rest, target: crooked }, expect: expectElsewhere }))
  },
}

export const overridingHeaders: Mutator = {
  id: 'Q-HOS-32',
  title: 'headers that would change the method or the way back',
  appliesTo: ({ method }) => method === 'GET',
  attempts: (valid) => {
    const request = toHttp(valid)
    const withHeaders = (headers: Readonly<Record<string, string>>) => ({ ...request, headers: { ...request.headers, ...headers } })
    const headers = [
      ...OVERRIDES.map((name) => ({ [name]: 'DELETE' })),
      { Referer: 'https://evil.example.com/' },
      { 'X-Original-URL': '/api/v6/sites' },
      { 'X-Rewrite-URL': '/metrics' },
    ]
    return headers.map((each): Attempt => ({
      name: Object.keys(each).join(),
      request: withHeaders(each),
      twin: request,
      expect: (answer, twin) => {
        expectHonest(answer)
        expect(answer.status).toBe(twin.status)
        expect(answer.headers.location).toBeUndefined()
      },
    }))
  },
}
