/** Holds this replica's ordinal for as long as it runs, so that its broker sessions keep their names over restarts (OPS-060, Q-TRP-44). */
import { hostname } from 'node:os'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Logger } from '#runtime/logger'

export interface ListenerLease {
  readonly ordinal: number
  /** Leaves the ordinal to whoever starts next. */
  release(): Promise<void>
}

export interface LeaseOptions {
  readonly unitOfWork: UnitOfWork
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** The ordinal has gone to another replica: two with one name would kick each other for ever. */
  readonly onLost: (reason: string) => void
  /** Who holds it; tests name others. */
  readonly holder?: string
}

/** A third of the lease's 30 s. */
const RENEW_MS = 10_000
const RETRY_MS = 1_000

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const ownHolder = (): string => `${hostname()}/${process.pid}`

/** Waits for the database and for a free ordinal for as long as it takes. */
export async function takeListenerLease(options: LeaseOptions): Promise<ListenerLease> {
  const { unitOfWork, log, holder = ownHolder() } = options
  const ordinal = await takeOrdinal(options, holder)
  log.info({ ordinal }, 'listener ordinal taken')
  const timer = setInterval(() => void renew(options, { ordinal, holder }), RENEW_MS).unref()
  return {
    ordinal,
    async release() {
      clearInterval(timer)
      await unitOfWork.withLookups(({ listenerLeases }) => listenerLeases.release(ordinal, holder))
    },
  }
}

async function takeOrdinal({ unitOfWork, log }: LeaseOptions, holder: string): Promise<number> {
  for (;;) {
    try {
      const ordinal = await unitOfWork.withLookups(async ({ listenerLeases }) => {
        const former = (await listenerLeases.holders()).filter((other) => isFormerLife(other, holder))
        return listenerLeases.take(holder, former)
      })
      if (ordinal !== null) return ordinal
    } catch (error) {
      log.warn({ err: error }, 'no listener ordinal yet') // the database comes back, or the process is stopped from outside
    }
    await pause(RETRY_MS)
  }
}

/** A process of this host that is no more; its sessions hold messages that nobody else is given (Q-TRP-45). */
function isFormerLife(other: string, holder: string): boolean {
  const [otherHost, otherPid] = splitHolder(other)
  const [host, pid] = splitHolder(holder)
  return otherHost === host && (otherPid === pid || !isAlive(otherPid))
}

function splitHolder(holder: string): readonly [host: string, pid: number] {
  const at = holder.lastIndexOf('/')
  return [holder.slice(0, at), Number(holder.slice(at + 1))]
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // there, and somebody else's
  }
}

async function renew({ unitOfWork, log, onLost }: LeaseOptions, { ordinal, holder }: { ordinal: number; holder: string }): Promise<void> {
  try {
    const isOurs = await unitOfWork.withLookups(({ listenerLeases }) => listenerLeases.renew(ordinal, holder))
    if (!isOurs) onLost(`listener ordinal ${ordinal} belongs to another replica now`)
  } catch (error) {
    log.warn({ err: error }, 'the listener ordinal was not renewed') // the next beat tries again; a lease that ran out meanwhile is told there
  }
}
