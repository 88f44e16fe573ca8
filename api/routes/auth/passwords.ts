/** Passwords: argon2id, and the same work for people who do not exist (API-201, API-220). */
import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice: 19 MiB, two passes, one lane; the package's own default algorithm is argon2id. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS)

export interface PasswordCheck {
  /** False for a wrong password and, after the same work, for a person without one. */
  verify(stored: string | null, password: string): Promise<boolean>
}

/** The dummy is hashed once per process, with the same parameters as real ones. */
export function createPasswordCheck(): PasswordCheck {
  const dummy = hashPassword('nobody has this password')
  return {
    async verify(stored, password) {
      const isRight = await matches(stored ?? (await dummy), password)
      return stored !== null && isRight
    },
  }
}

async function matches(stored: string, password: string): Promise<boolean> {
  try {
    return await verify(stored, password)
  } catch {
    return false // a stored text that is no hash accepts nobody
  }
}
