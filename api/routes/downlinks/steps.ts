/** The way of a command, step by step, as it is known: transmitted is not delivered (D-60, D-61). */
import { presentEui } from '#domain/shared/eui'
import { toIso, type Instant } from '#domain/shared/instant'
import type { Repositories } from '../shared/repositories'

export type DownlinkRow = NonNullable<Awaited<ReturnType<Repositories['downlinkReads']['get']>>>
export type AttemptRow = Awaited<ReturnType<Repositories['downlinkReads']['attempts']>>[number]

interface Step {
  readonly status: string
  readonly at: Instant | null
  readonly attempt?: number
  readonly gatewayEui?: string | null
  readonly by?: string
}

const ENDED_BADLY = new Set(['superseded', 'expired', 'failed'])

export function presentSteps(downlink: DownlinkRow, attempts: readonly AttemptRow[]) {
  return stepsOf(downlink, attempts)
    .filter((step): step is Step & { at: Instant } => step.at !== null)
    .sort((a, b) => a.at - b.at)
    .map(({ status, at, attempt, gatewayEui, by }) => ({
      status,
      at: toIso(at),
      ...(attempt === undefined ? {} : { attempt }),
      ...(gatewayEui == null ? {} : { gateway_id: presentEui(gatewayEui) }),
      ...(by === undefined ? {} : { by }),
    }))
}

function stepsOf(downlink: DownlinkRow, attempts: readonly AttemptRow[]): Step[] {
  const sent: Step[] = attempts.map(({ attemptNo, enqueuedAt }) => ({ status: 'sent', at: enqueuedAt, attempt: attemptNo }))
  return [
    { status: 'queued', at: downlink.queuedAt },
    ...(sent.length > 0 ? sent : [{ status: 'sent', at: downlink.sentAt }]),
    { status: 'transmitted', at: downlink.transmittedAt, gatewayEui: downlink.gatewayEui },
    { status: 'confirmed', at: downlink.confirmedAt, by: downlink.proof === 'reported' ? 'status_report' : 'acknowledgement' },
    ...(ENDED_BADLY.has(downlink.status) ? [{ status: downlink.status, at: downlink.endedAt }] : []),
  ]
}
