/** Q-HOS-05: tokens that look right and are not; all are answered alike. */
import { comparable, expectProblem } from '../problem'
import { isGuarded, type Attempt, type Mutator } from '../mutator'
import { toHttp } from '../valid-request'

/** The one body that every bad token gets, but for the request id. */
const ANSWER = {
  type: '/problems/auth.invalid_token',
  title: 'The credential is not accepted',
  status: 401,
  code: 'auth.invalid_token',
  detail: expect.any(String),
  errors: [],
}

export const forgedTokens: Mutator = {
  id: 'Q-HOS-05',
  title: 'forged, altered, expired and misused tokens',
  appliesTo: isGuarded,
  attempts: (valid, { forgeries }) => {
    const [first] = forgeries
    if (first === undefined) throw new Error('there are no forgeries')
    const bearing = (token: string) => toHttp({ ...valid, token })
    return forgeries.map(({ name, token }): Attempt => ({
      name,
      request: bearing(token),
      twin: bearing(first.token),
      expect: (answer, twin) => {
        expectProblem(answer, [401])
        expect(comparable(answer)).toEqual(comparable(twin))
        expect(answer.json).toMatchObject(ANSWER)
        expect(answer.headers['www-authenticate']).toBe('Bearer')
      },
    }))
  },
}
