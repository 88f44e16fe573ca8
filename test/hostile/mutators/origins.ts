/** Q-HOS-14, Q-HOS-15: foreign origins, hosts and forwarding headers are ignored or refused. */
import { isGuarded, type Attempt, type Mutator } from '../mutator'
import { expectHonest, expectProblem } from '../problem'
import { toHttp } from '../valid-request'

export const foreignOrigins: Mutator = {
  id: 'Q-HOS-15',
  title: 'pages of other origins get no permission to read',
  mayBeAccepted: true,
  appliesTo: () => true,
  attempts: (valid, { origin }) => {
    const request = toHttp(valid)
    const { protocol, host } = new URL(origin)
    const lookAlikes = [
      'null',
      'https://evil.example.com',
      `${origin}.evil.org`,
      `${protocol}//evil-${host}`,
      `${protocol}//x@${host}`,
      `${origin}/`,
      origin.toUpperCase(),
    ]
    return lookAlikes.flatMap((foreign): Attempt[] => [
      {
        name: `preflight from ${foreign}`,
        request: {
          method: 'OPTIONS',
          target: request.target,
          headers: { origin: foreign, 'access-control-request-method': request.method },
          body: null,
        },
        expect: (answer) => {
          expectProblem(answer, [403])
          expect(answer.headers['access-control-allow-origin']).toBeUndefined()
        },
      },
      {
        name: `unauthenticated call from ${foreign}`,
        request: { ...request, headers: { ...request.headers, authorization: 'Bearer none', origin: foreign } },
        expect: (answer) => {
          expectHonest(answer)
          expect(answer.headers['access-control-allow-origin']).toBeUndefined()
          expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
        },
      },
    ])
  },
}

export const forgedForwarding: Mutator = {
  id: 'Q-HOS-14',
  title: 'hosts and forwarding headers decide nothing',
  appliesTo: (operation) => isGuarded(operation) && operation.method === 'GET',
  attempts: (valid) => {
    const request = toHttp(valid)
    const forged = [
      { Host: 'evil.example.com' },
      { Host: 'localhost@evil.example.com' },
      { 'X-Forwarded-Host': 'evil.example.com', 'X-Forwarded-Proto': 'gopher' },
      { 'X-Forwarded-For': '127.0.0.1, 10.0.0.1', 'X-Real-IP': '127.0.0.1' },
      { Forwarded: 'for=127.0.0.1;host=evil.example.com;proto=https' },
    ]
    return forged.map((headers): Attempt => ({
      name: Object.values(headers).join(),
      request: { ...request, headers: { ...request.headers, ...headers } },
      expect: (answer) => {
        expectHonest(answer)
        expect(answer.text).not.toContain('evil.example.com')
        expect(JSON.stringify(answer.headers)).not.toContain('evil.example.com')
      },
    }))
  },
}
