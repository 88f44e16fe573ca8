/** The unprivileged account that PostgreSQL runs under when the stack itself is started as root: PostgreSQL refuses root (OPS-010). */
import { chownSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Existing accounts only: the stack writes nothing outside its own folders (OPS-001). */
const CANDIDATES = ['postgres', 'nobody']
const OTHERS_MAY_PASS = 0o001

export const isRoot = (): boolean => process.getuid?.() === 0

/** The account to drop to, or null when the caller is already unprivileged. */
export function unprivilegedAccount(passwd: string = readPasswd()): Account | null {
  if (!isRoot()) return null
  for (const name of CANDIDATES) {
    const account = findAccount(passwd, name)
    if (account) return account
  }
  throw new Error(`none of the accounts ${CANDIDATES.join(', ')} exists; PostgreSQL cannot run as root`)
}

/** Reads one line of passwd(5). Returns undefined for an unknown name or a root-equivalent one. */
export function findAccount(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((line) => line[0] === name)
  const uid = Number(fields?.[2])
  return fields && uid > 0 ? { name, uid, gid: Number(fields[3]) } : undefined
}

/** Whether the account can reach `path` (which must exist): every folder above it lets others pass. */
export function canReach(account: Account | null, path: string): boolean {
  if (account === null) return true
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder)
    if (uid !== account.uid && (mode & OTHERS_MAY_PASS) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** Hands a file or folder over to the account; nothing to do without one. */
export function giveTo(account: Account | null, path: string): void {
  if (account) chownSync(path, account.uid, account.gid)
}

function readPasswd(): string {
  return isRoot() ? readFileSync('/etc/passwd', 'utf8') : ''
}
