/** Q-HOS-28: EUIs that are none, and every spelling of one that is. */
import type { HostileOperation, Parameter } from '../open-api'
import { isGuarded, refused, type Attempt, type Mutator } from '../mutator'
import { toHttp, type ValidRequest } from '../valid-request'

const NO_EUIS = [
  '58a0cb0000115b4',
  '58a0cb0000115b4e0',
  '58a0cb0000115b4g',
  '58a0',
  '58:a0:cb',
  '0x58a0cb0000115b4e',
  '５8a0cb0000115b4e',
] as const

const euiFilters = ({ query }: HostileOperation): readonly Parameter[] =>
  query.filter(({ schema, name }) => schema.format === 'eui' || name.endsWith('_eui'))
const euiPaths = ({ pathParameters, path }: HostileOperation): readonly Parameter[] =>
  pathParameters.filter(({ name }) => name.endsWith('eui') || (name === 'id' && /\/(devices|gateways)\/\{id\}/.test(path)))

const spellings = (eui: string): string[] => {
  const pairs = eui.match(/../g) ?? []
  return [eui, eui.toUpperCase(), pairs.join(':'), pairs.join('-').toUpperCase()]
}

export const noEuis: Mutator = {
  id: 'Q-HOS-28',
  title: 'what is no EUI',
  appliesTo: (operation) => isGuarded(operation) && euiFilters(operation).length + euiPaths(operation).length > 0,
  attempts: (valid) => [
    ...euiFilters(valid.operation).flatMap(({ name }) =>
      NO_EUIS.map((eui) => refused(`${name}=${eui}`, toHttp({ ...valid, query: { ...valid.query, [name]: eui } }), [422])),
    ),
    ...euiPaths(valid.operation).flatMap(({ name }) =>
      NO_EUIS.map((eui) => refused(`${name}: ${eui}`, toHttp({ ...valid, params: { ...valid.params, [name]: eui } }), [404, 422])),
    ),
  ],
}

/** The row is found by any spelling, and shown in one (D-21). */
export const oneEui: Mutator = {
  id: 'Q-HOS-28',
  title: 'every spelling of one EUI',
  appliesTo: (operation) => isGuarded(operation) && operation.method === 'GET' && euiPaths(operation).length > 0,
  attempts: (valid: ValidRequest, { own }) =>
    euiPaths(valid.operation).flatMap(({ name }) => {
      const eui = own.euis[valid.operation.path.includes('/gateways/') ? 'gateways' : 'devices'] ?? ''
      const request = (spelling: string) => toHttp({ ...valid, params: { ...valid.params, [name]: spelling } })
      return spellings(eui).map((spelling): Attempt => ({
        name: spelling,
        request: request(spelling),
        twin: toHttp(valid),
        expect: (answer, twin) => {
          expect(answer.status).toBe(200)
          expect(answer.json).toEqual(twin.json)
        },
      }))
    }),
}
