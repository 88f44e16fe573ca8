/** Answers an upgrade that is not ours to make: problem+json on the raw socket, then the end (API-860, D-24). */
import type { Duplex } from 'node:stream'
import { ERROR_CODES, type ErrorCode } from '#domain/shared/error-codes'
import { uuidV7 } from '#runtime/uuid'

const STATUS_LINES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
}

const DETAILS: Partial<Record<ErrorCode, string>> = {
  'request.malformed': 'The WebSocket handshake cannot be read.',
  'request.route_not_found': 'There is no socket at this address.',
  'request.origin_denied': 'Pages of this origin may not open a socket.',
  'server.unavailable': 'The server is stopping.',
}

export function refuseUpgrade(socket: Duplex, code: ErrorCode): void {
  const { status, title } = ERROR_CODES[code]
  const instance = `req_${uuidV7()}`
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code, detail: DETAILS[code] ?? title, instance, errors: [] })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_LINES[status] ?? 'Error'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    'Cache-Control: no-store',
    `X-Request-ID: ${instance}`,
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'X-Frame-Options: DENY',
    ...(status === 503 ? ['Retry-After: 5'] : []),
  ]
  socket.on('error', () => socket.destroy()) // the peer may be gone before it reads its refusal
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
