/** Counters of commands and lights as answers show them (API-517). */
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import { airtimeBudgetMs } from '../gateways/presenter'
import { isoOrNull, percent } from '../shared/present'
import type { DownlinkService } from './service'

type Stats = Awaited<ReturnType<DownlinkService['stats']>>

const SUCCESSFUL = ['transmitted', 'confirmed']
/** What has ended, well or badly; a superseded command was not needed any more and counts as neither. */
const ENDED = [...SUCCESSFUL, 'expired', 'failed']

export function presentDownlinkStats({ counts, times, lights, gateways, rateLimit, now }: Stats, tenantId: string) {
  const of = (status: string) => counts.find((one) => one.status === status)?.count ?? 0
  const sum = (statuses: readonly string[]) => statuses.reduce((all, status) => all + of(status), 0)
  const ended = sum(ENDED)
  return {
    queued: of('queued'),
    sent: of('sent'),
    transmitted: of('transmitted'),
    confirmed: of('confirmed'),
    superseded: of('superseded'),
    expired: of('expired'),
    failed: of('failed'),
    dead_letters: of('failed'),
    success_rate_percent: ended === 0 ? null : percent(sum(SUCCESSFUL), ended),
    queue_seconds_p50: times.p50,
    queue_seconds_p95: times.p95,
    lights: presentLights(lights),
    rate: { used: times.lastMinute, limit: rateLimit },
    gateways: gateways.map(presentLoad),
    tenant_id: tenantId,
    generated_at: toIso(now),
  }
}

function presentLights(lights: Stats['lights']) {
  const of = (proof: string) => lights.find((one) => one.proof === proof)?.count ?? 0
  const total = lights.reduce((sum, { count }) => sum + count, 0)
  return { total, proved: of('proved'), unverified: of('unverified') + of('none'), pending: of('pending'), drifted: of('drifted') }
}

const presentLoad = ({ gatewayEui, config, airtimeUsedMs, waiting, nextAt }: Stats['gateways'][number]) => ({
  gateway_id: presentEui(gatewayEui),
  airtime_used_ms: airtimeUsedMs,
  airtime_budget_ms: airtimeBudgetMs(config),
  waiting,
  next_at: isoOrNull(nextAt),
})
