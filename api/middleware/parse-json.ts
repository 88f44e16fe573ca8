/** Reads JSON as strictly as API-060 asks, in linear time: bounded depth, whole Unicode, finite numbers, no NUL, no BOM. */
import { DomainError } from '#domain/shared/domain-error'

export const MAX_DEPTH = 64
const BOM = 0xfeff
const HALF_A_PAIR = /\p{Surrogate}/u

const malformed = (detail: string) => new DomainError('request.malformed', { detail })

/** Throws `request.malformed`. Of duplicate keys the last counts, as everywhere in JavaScript. */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes)
  assertShallow(text)
  const value = parse(text)
  assertPlain(value)
  return value
}

function decode(bytes: Buffer): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed('The body is not UTF-8.') // the decoder only says where
  }
  if (text.charCodeAt(0) === BOM) throw malformed('The body begins with a byte order mark.')
  return text
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** How a character outside strings changes the depth: `{` and `[` open, `}` and `]` close. */
const DEPTH_CHANGE: Readonly<Record<number, number>> = { 0x7b: 1, 0x5b: 1, 0x7d: -1, 0x5d: -1 }

/** Counts brackets outside strings, before the parser recurses into them. */
function assertShallow(text: string): void {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) index = endOfString(text, index)
    depth += DEPTH_CHANGE[character] ?? 0
    if (depth > MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`)
  }
}

/** Index of the quote that closes the string opened at `start`; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1
  return index
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('The body is not JSON.') // the parser's text quotes the input
  }
}

function assertPlain(value: unknown): void {
  if (typeof value === 'string') assertText(value)
  else if (typeof value === 'number' && !Number.isFinite(value)) throw malformed('A number is too large.')
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      assertText(key)
      assertPlain(member)
    }
  }
}

function assertText(text: string): void {
  if (text.includes('\u0000')) throw malformed('A text holds NUL.')
  if (HALF_A_PAIR.test(text)) throw malformed('A text holds half a surrogate pair.')
}
