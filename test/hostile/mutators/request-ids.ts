/** Q-HOS-26: request ids that are none are replaced; what a caller sends never breaks a header. */
import { type Attempt, type Mutator } from '../mutator'
import { expectHonest } from '../problem'
import { toHttp } from '../valid-request'

const BAD_IDS = [
  'short',
  'x'.repeat(129),
  'has spaces in it',
  'quote"quote"',
  '{"level":"error"}',
  'semi;colon=1',
  '../../etc/passwd',
  '${jndi:ldap://x}',
] as const

export const badRequestIds: Mutator = {
  id: 'Q-HOS-26',
  title: 'a bad request id is replaced by a fresh one',
  appliesTo: ({ method }) => method === 'GET',
  attempts: (valid) =>
    BAD_IDS.map((id): Attempt => {
      const request = toHttp(valid)
      return {
        name: JSON.stringify(id),
        request: { ...request, headers: { ...request.headers, 'x-request-id': id } },
        expect: (answer) => {
          expectHonest(answer)
          expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/)
        },
      }
    }),
}
