/** Reads the body of operations that take one: JSON, at login also a form; bounded in bytes and time (API-005, API-006, API-059, API-061). */
import type { IncomingMessage } from 'node:http'
import type { Operation } from '#contract/operation'
import { DomainError } from '#domain/shared/domain-error'
import type { ApiContext, ApiMiddleware } from './call'
import { parseJson } from './parse-json'
import { bodyLimitFor } from './transport-limits'

const BODY_TIMEOUT_MS = 30_000
const JSON_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/
const FORM_TYPE = 'application/x-www-form-urlencoded'

export function readBody(operation: Operation): ApiMiddleware {
  return async (ctx, next) => {
    ctx.state.body = operation.takesBody === 'none' ? {} : await parseBody(ctx, operation)
    await next()
  }
}

async function parseBody(ctx: ApiContext, operation: Operation): Promise<unknown> {
  if (!announcesBody(ctx)) return {}
  const type = mediaType(ctx.get('Content-Type'))
  const isForm = operation.takesBody === 'json_or_form' && type === FORM_TYPE
  if (type !== null && !isForm && !JSON_TYPE.test(type)) throw new DomainError('request.unsupported_media_type')
  const bytes = await collect(ctx.req, bodyLimitFor(ctx.path))
  if (bytes.length === 0) return {}
  if (type === null) throw new DomainError('request.unsupported_media_type', { detail: 'Content-Type is missing.' })
  return isForm ? parseForm(bytes) : parseJson(bytes)
}

const announcesBody = (ctx: ApiContext): boolean => Number(ctx.get('Content-Length') || 0) > 0 || ctx.get('Transfer-Encoding') !== ''

/** Lower case, without parameters; a charset other than UTF-8 makes it unreadable. */
function mediaType(header: string): string | null {
  if (header === '') return null
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replace(/"/g, '')
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new DomainError('request.unsupported_media_type')
  return type
}

/** Every byte of the body, or the error that ends the reading; nothing beyond the limit is kept. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => finish(new DomainError('request.timeout')), BODY_TIMEOUT_MS)
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) finish(new DomainError('request.too_large'))
      else chunks.push(chunk)
    }
    const onEnd = () => finish(null)
    const onGone = () => finish(new DomainError('request.malformed', { detail: 'The request ended early.' }))
    const listeners = { data: onData, end: onEnd, error: onGone, close: onGone }
    function finish(error: DomainError | null): void {
      clearTimeout(timer)
      for (const [event, listener] of Object.entries(listeners)) request.off(event, listener)
      request.on('error', () => undefined) // the answer is decided; a late reset of the connection changes nothing
      if (error === null) return resolve(Buffer.concat(chunks))
      request.pause()
      reject(error)
    }
    for (const [event, listener] of Object.entries(listeners)) request.on(event, listener)
  })
}

function parseForm(bytes: Buffer): Record<string, string> {
  const text = new TextDecoder('utf-8').decode(bytes)
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''))
}
