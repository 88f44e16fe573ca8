/** One JSON object per line, with secrets redacted by name (H-61, OPS-250 to OPS-252). */
import { pino, type Logger } from 'pino'

export type { Logger }

/** Members that never appear in a log line, wherever they stand. */
const REDACTED = [
  'password',
  'current_password',
  'new_password',
  'access_token',
  'refresh_token',
  'token',
  'ticket',
  'authorization',
  'cookie',
  'api_key',
  'x-api-key',
  'secret',
  'app_key',
  'nwk_key',
  'signature',
  'set-cookie',
  'email',
  'user_email',
  'user_name',
  'user_phone',
]

export interface LoggerOptions {
  readonly service: 'api' | 'listener' | 'worker' | 'simulator' | 'migrate'
  readonly version: string
  readonly level: string
  readonly pretty: boolean
}

export function createLogger({ service, version, level, pretty }: LoggerOptions): Logger {
  return pino({
    level,
    base: { service, version, replica: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
    serializers: { err: presentError },
    ...(pretty ? { transport: { target: 'pino-pretty', options: { ignore: 'service,version,replica', singleLine: true } } } : {}),
  })
}

/** An error as a line shows it; connection strings in driver messages lose their credentials. */
function presentError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const hide = (text: string) => text.replace(/:\/\/[^@\s/]+@/g, '://[redacted]@')
  return {
    type: error.name,
    message: hide(error.message),
    stack: hide(error.stack ?? ''),
    ...('code' in error ? { code: error.code } : {}),
  }
}
