/** Local convenience alone: one port for people, with the Temporal UI and the simulator's controls behind it (OPS-024, OPS-034, OPS-035). */
import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

export interface ForwardRule {
  /** `/temporal` takes `/temporal` and everything under it. */
  readonly prefix: string
  /** Where it goes; the path is appended. */
  readonly target: string
  /** What of the path is cut off before it is appended. */
  readonly cut?: string
}

/** Requests under a rule's prefix go to its target, all others to `otherwise`. */
export function forward(rules: readonly ForwardRule[], otherwise: RequestListener): RequestListener {
  return (incoming, response) => {
    const url = incoming.url ?? '/'
    const rule = rules.find(({ prefix }) => url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`))
    if (rule === undefined) return otherwise(incoming, response)
    pass(incoming, response, new URL(url.slice(rule.cut?.length ?? 0) || '/', rule.target))
  }
}

function pass(incoming: IncomingMessage, response: ServerResponse, target: URL): void {
  const headers = { ...incoming.headers, host: target.host }
  const outgoing = httpRequest(target, { method: incoming.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('error', () => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
    response.end('not reachable')
  })
  incoming.pipe(outgoing)
}
