/** Q-HOS-04: members that the operation does not declare, those among them that could reach a prototype. */
import type { HttpAnswer } from '../http'
import { hasBody, isGuarded, type Attempt, type Mutator } from '../mutator'
import { expectProblem } from '../problem'
import { toHttp, type ValidRequest } from '../valid-request'

const PROTECTED = ['tenant_id', 'id', 'role', 'is_platform_admin', 'created_at', '__proto__', 'constructor', 'prototype'] as const
const POLLUTION = '{"is_platform_admin":true,"polluted":true}'

/** Written as text: an object literal would set a prototype instead of sending a member. */
const withRawMember = (body: ValidRequest['body'], name: string): string => {
  const members = JSON.stringify(body ?? {}).slice(1, -1)
  return `{${members === '' ? '' : `${members},`}${JSON.stringify(name)}:${POLLUTION}}`
}

function expectPointer(answer: HttpAnswer, pointer: string): void {
  expectProblem(answer, [422])
  expect(answer.json?.['errors']).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]))
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined() // the server runs in this process
}

export const extraMembers: Mutator = {
  id: 'Q-HOS-04',
  title: 'protected members in the body',
  appliesTo: hasBody,
  attempts: (valid) =>
    PROTECTED.filter((name) => !(name in (valid.operation.body?.properties ?? {}))).map((name): Attempt => ({
      name,
      request: toHttp(valid, withRawMember(valid.body, name)),
      expect: (answer) => expectPointer(answer, `/${name}`),
    })),
}

export const nestedPrototype: Mutator = {
  id: 'Q-HOS-04',
  title: 'a prototype deep in the body',
  appliesTo: hasBody,
  attempts: (valid) => [
    {
      name: '__proto__ in an unknown member',
      request: toHttp(valid, '{"a":{"b":[{"__proto__":{"polluted":true}}]}}'),
      expect: (answer) => expectPointer(answer, '/a/b/0/__proto__'),
    },
  ],
}

export const extraParameters: Mutator = {
  id: 'Q-HOS-04',
  title: 'protected names in the query',
  appliesTo: isGuarded,
  attempts: (valid) =>
    PROTECTED.filter((name) => !valid.operation.query.some((parameter) => parameter.name === name)).map((name): Attempt => {
      const { target, ...rest } = toHttp(valid)
      const request = { ...rest, target: `${target}${target.includes('?') ? '&' : '?'}${name}=1` }
      return { name, request, expect: (answer) => expectPointer(answer, `/${name}`) }
    }),
}
