/** Requests as an attacker writes them: nothing is normalised, nothing is added. */
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'

export interface HttpRequest {
  readonly method: string
  /** Path and query exactly as they stand on the request line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: string | Buffer | null
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The parsed body when it is JSON, else undefined. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const RAW_DEADLINE_MS = 5000

export const endConnections = (): void => agent.destroy()

/** Rejects when the connection ends without an answer. */
export function send(port: number, { method, target, headers, body }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, method, path: target, headers: { ...length, ...headers }, agent },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body ?? undefined)
  })
}

export interface RawExchange {
  /** Everything that came back. */
  readonly text: string
  readonly status: number | null
  /** Whether the server ended the connection before the deadline. */
  readonly closed: boolean
  /** The answer's status and how many answers came on the one connection. */
  readonly answers: number
}

/** Writes bytes on a connection of their own and reads until the server ends it, or until `settled` says that enough came. */
export function sendRaw(port: number, bytes: string | Buffer, settled: (text: string) => boolean = () => false): Promise<RawExchange> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const finish = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const starts = text.match(/^HTTP\/1\.1 \d{3}/gm) ?? []
      resolve({ text, closed, answers: starts.length, status: starts[0] === undefined ? null : Number(starts[0].slice(9)) })
    }
    const timer = setTimeout(() => finish(false), RAW_DEADLINE_MS)
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (settled(text)) finish(false)
    })
    socket.on('error', () => undefined) // a reset is an end like any other; `close` follows
    socket.on('close', () => finish(true))
    socket.write(bytes)
  })
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): HttpAnswer {
  return { status, headers, text, json: headers['content-type']?.includes('json') === true ? parse(text) : undefined }
}

function parse(text: string): HttpAnswer['json'] {
  try {
    return JSON.parse(text) as HttpAnswer['json'] // told as undefined when it is none
  } catch {
    return undefined
  }
}
