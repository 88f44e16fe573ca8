/** Q-HOS-09: SQL in every text that a caller can send; it is refused or it is a harmless literal. */
import { isText } from '../json-schema'
import { isList, type Attempt, type Mutator } from '../mutator'
import { expectHonest, expectProblem } from '../problem'
import { toHttp, type ValidRequest } from '../valid-request'

const TEXTS = [
  `'; select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', false); --`,
  `' or '1'='1`,
  `1; drop table spaces; --`,
  `\\'; copy users to program 'id'; --`,
  `$$; select pg_sleep(5); $$`,
  `x' union select password_hash from users --`,
] as const

const withQuery = (valid: ValidRequest, name: string, value: string) => toHttp({ ...valid, query: { ...valid.query, [name]: value } })

export const sqlInQuery: Mutator = {
  id: 'Q-HOS-09',
  title: 'SQL in every parameter',
  mayBeAccepted: true,
  appliesTo: ({ query }) => query.length > 0,
  attempts: (valid) =>
    valid.operation.query.flatMap(({ name }) =>
      TEXTS.map((text): Attempt => ({ name: `${name}: ${text}`, request: withQuery(valid, name, text), expect: expectHonest })),
    ),
}

export const sqlInSort: Mutator = {
  id: 'Q-HOS-09',
  title: 'SQL as sort key and cursor',
  appliesTo: isList,
  attempts: (valid) =>
    ['sort', 'cursor'].flatMap((name) =>
      TEXTS.map((text): Attempt => ({
        name: `${name}: ${text}`,
        request: withQuery(valid, name, text),
        expect: (answer) => expectProblem(answer, [422]),
      })),
    ),
}

export const sqlInPath: Mutator = {
  id: 'Q-HOS-09',
  title: 'SQL as an id',
  appliesTo: ({ pathParameters }) => pathParameters.length > 0,
  attempts: (valid) =>
    valid.operation.pathParameters.flatMap(({ name }) =>
      TEXTS.map((text): Attempt => ({
        name: `${name}: ${text}`,
        request: toHttp({ ...valid, params: { ...valid.params, [name]: text } }),
        expect: (answer) => expectProblem(answer, [400, 404, 422]),
      })),
    ),
}

export const sqlInBody: Mutator = {
  id: 'Q-HOS-09',
  title: 'SQL in every text of the body',
  mayBeAccepted: true,
  appliesTo: ({ body }) => Object.values(body?.properties ?? {}).some(isText),
  attempts: (valid) =>
    Object.entries(valid.operation.body?.properties ?? {})
      .filter(([, schema]) => isText(schema))
      .flatMap(([name]) =>
        TEXTS.map((text): Attempt => ({
          name: `${name}: ${text}`,
          request: toHttp({ ...valid, body: { ...valid.body, [name]: text } }),
          expect: expectHonest,
        })),
      ),
}
