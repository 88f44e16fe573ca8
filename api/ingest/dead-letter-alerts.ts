/** Alert `ingest_dead_letter`: the first open letter of a reason tells the tenant, the next ones are in the list (DOM-1085). */
import type { EventPublisher } from '#db/events'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Logger } from '#runtime/logger'

export interface DeadLetterAlertOptions {
  readonly unitOfWork: UnitOfWork
  readonly publisher: EventPublisher
  readonly log: Pick<Logger, 'warn'>
  readonly now: () => number
}

interface Letter {
  readonly tenantId: string
  readonly reason: string
}

export interface DeadLetterAlerts {
  raise(letters: readonly Letter[]): void
  idle(): Promise<void>
}

/** A flood of poison asks the database once a minute per tenant and reason. */
const ASK_AGAIN_MS = 60_000

export function createDeadLetterAlerts({ unitOfWork, publisher, log, now }: DeadLetterAlertOptions): DeadLetterAlerts {
  const askedAt = new Map<string, number>()
  const running = new Set<Promise<void>>()

  function isDue({ tenantId, reason }: Letter): boolean {
    const key = `${tenantId}/${reason}`
    if (now() - (askedAt.get(key) ?? -Infinity) < ASK_AGAIN_MS) return false
    askedAt.set(key, now())
    return true
  }

  async function open({ tenantId, reason }: Letter): Promise<void> {
    try {
      const events = await unitOfWork.withTenant({ tenantId }, ({ alerts }) =>
        alerts.open({
          kind: 'ingest_dead_letter',
          severity: 'warning',
          subjectType: 'ingest_dead_letter',
          subjectId: reason,
          siteId: null,
          spaceId: null,
          deviceId: null,
          evidence: { reason },
        }),
      )
      await publisher.publish(events)
    } catch (error) {
      log.warn({ err: error, tenant_id: tenantId, reason }, 'no alert for a dead letter') // the letter itself is stored and listed
    }
  }

  return {
    raise(letters) {
      for (const letter of letters.filter(isDue)) {
        const task = open(letter).finally(() => running.delete(task))
        running.add(task)
      }
    },
    async idle() {
      await Promise.all(running)
    },
  }
}
