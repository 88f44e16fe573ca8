/** Counts failed logins per account and per address, and refuses before a password is looked at (API-057). */
import { createHash } from 'node:crypto'
import { DomainError } from '#domain/shared/domain-error'
import type { AuthLookups, DurableWindows, WindowRequest } from './lookups'

export interface LoginThrottle {
  /** Counts this attempt as a failure until told otherwise; throws `auth.throttled`, equal for known and unknown accounts. Rows are always locked account first. */
  begin(account: string, address: string): Promise<void>
  /** The password was right: the account's count is cleared, the address gets this attempt back. */
  succeed(account: string, address: string): Promise<void>
}

const WINDOW_SECONDS = 15 * 60
const FREE_ATTEMPTS = 5
const ADDRESS_ATTEMPTS = 30
const FIRST_PAUSE_SECONDS = 30
/** More than anybody reaches through the pauses: the window then only counts. */
const COUNT_ONLY = 1_000

export function createLoginThrottle(
  lookups: Pick<AuthLookups, 'withWindows'>,
  options: { readonly countsAddresses: boolean },
): LoginThrottle {
  return {
    async begin(account, address) {
      const retryAfterMs = await lookups.withWindows(async (windows) => {
        const wait = await accountWait(windows, keyOf(account))
        if (wait > 0 || !options.countsAddresses) return wait
        return waitOf(windows, addressWindow(address))
      })
      if (retryAfterMs > 0) throw new DomainError('auth.throttled', { retryAfterSeconds: retryAfterMs / 1000 })
    },
    async succeed(account, address) {
      await lookups.withWindows(async (windows) => {
        await windows.reset('login_account', keyOf(account))
        if (options.countsAddresses) await windows.giveBack(addressWindow(address))
      })
    },
  }
}

/** Accounts are counted by hash: a list of who fails to sign in is nobody's business. */
const keyOf = (account: string): string => createHash('sha256').update(account.toLowerCase()).digest('base64url')
const addressWindow = (address: string): WindowRequest => ({
  scope: 'login_address',
  key: address,
  limit: ADDRESS_ATTEMPTS,
  windowSeconds: WINDOW_SECONDS,
})

async function waitOf(windows: DurableWindows, request: WindowRequest): Promise<number> {
  const { granted, retryAfterMs } = await windows.take(request)
  return granted ? 0 : Math.max(1, retryAfterMs)
}

/** Five attempts are free; the n-th after them must lie a doubling pause after the one before. A refused one is not counted. */
async function accountWait(windows: DurableWindows, key: string): Promise<number> {
  const counting: WindowRequest = { scope: 'login_account', key, limit: COUNT_ONLY, windowSeconds: WINDOW_SECONDS }
  const { remaining } = await windows.take(counting)
  const attempt = COUNT_ONLY - remaining
  if (attempt > FREE_ATTEMPTS) {
    const wait = await waitOf(windows, pauseAfter(key, attempt - 1))
    if (wait > 0) {
      await windows.giveBack(counting)
      return wait
    }
  }
  if (attempt >= FREE_ATTEMPTS) await windows.take(pauseAfter(key, attempt))
  return 0
}

/** A window of one that opens again when the pause after that many failures is over. */
function pauseAfter(key: string, failures: number): WindowRequest {
  const seconds = Math.min(WINDOW_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - FREE_ATTEMPTS))
  return { scope: 'login_account', key: `${key}:${seconds}`, limit: 1, windowSeconds: seconds }
}
