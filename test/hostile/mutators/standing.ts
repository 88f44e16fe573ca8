/** Q-HOS-03: nobody, a lower role, another method. */
import { isGuarded, refused, type Attempt, type Mutator } from '../mutator'
import { expectProblem } from '../problem'
import { ROLES, rolesOf } from '../role-matrix'
import { toHttp } from '../valid-request'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'] as const

export const nobody: Mutator = {
  id: 'Q-HOS-03',
  title: 'nobody signed in, or an API key that nobody issued',
  appliesTo: isGuarded,
  attempts: (valid) => {
    const anonymous = toHttp({ ...valid, token: null })
    return [
      {
        name: 'nothing sent',
        request: anonymous,
        expect: (answer) => (expectProblem(answer, [401]), expect(answer.json?.['code']).toBe('auth.required')),
      },
      refused('a made-up key', { ...anonymous, headers: { ...anonymous.headers, 'x-api-key': 'pk_live_abcd1234_madeup' } }, [401]),
      refused(
        'a made-up key as bearer',
        { ...anonymous, headers: { ...anonymous.headers, authorization: 'Bearer pk_live_abcd1234_madeup' } },
        [401],
      ),
    ]
  },
}

export const lowerRole: Mutator = {
  id: 'Q-HOS-03',
  title: 'a role below the required one',
  appliesTo: ({ permission }) => permission !== null,
  attempts: (valid, world) => {
    const allowed = rolesOf(world.matrix, valid.operation.permission ?? '')
    return ROLES.filter((role) => !allowed.has(role)).map((role): Attempt =>
      refused(role, toHttp({ ...valid, token: world.tokens[role] }), [403]),
    )
  },
}

export const otherMethod: Mutator = {
  id: 'Q-HOS-03',
  title: 'a method that the path does not have',
  appliesTo: () => true,
  attempts: (valid) =>
    METHODS.filter((method) => !valid.operation.methods.includes(method)).map((method): Attempt => ({
      name: method,
      request: { ...toHttp(valid), method, body: null },
      expect: (answer) => {
        expectProblem(answer, [405])
        expect(answer.headers.allow?.split(', ')).toEqual(expect.arrayContaining([...valid.operation.methods]))
      },
    })),
}
