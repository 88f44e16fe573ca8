/** Answers what never became a request: broken framing, headers too large, a head or body that never came (API-061, Q-HOS-12). */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { DomainError } from '#domain/shared/domain-error'
import type { ErrorCode } from '#domain/shared/error-codes'
import { PROBLEM_TYPE } from './problem'
import { newRequestId } from './request-id'
import { securityHeadersFor } from './security-headers'
import { toProblem } from './to-problem'

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
}

export function refuseRawly(error: NodeJS.ErrnoException, socket: Duplex, isProduction: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const requestId = newRequestId()
  const { status, body, headers } = toProblem(new DomainError(CODES[error.code ?? ''] ?? 'request.malformed'), requestId)
  const text = JSON.stringify(body)
  const lines = {
    ...securityHeadersFor('/api', isProduction),
    ...headers,
    'X-Request-ID': requestId,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(text)),
    Connection: 'close',
  }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${text}`)
}
