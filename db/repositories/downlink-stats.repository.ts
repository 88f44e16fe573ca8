/** Counters of commands, lights and gateways over a window (API-517). */
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, type Filter, type ReadTx } from './list-query'
import { PROOF_WORD } from './space-columns'

export interface DownlinkStatsRequest {
  readonly siteId: string | undefined
  readonly tenantIds: readonly string[] | null
  readonly windowHours: number
}

export interface CommandCount {
  readonly status: string
  readonly count: number
}

export interface QueueTimes {
  readonly p50: number | null
  readonly p95: number | null
  readonly lastMinute: number
}

export interface GatewayLoad {
  readonly gatewayEui: string
  readonly config: Readonly<Record<string, unknown>>
  readonly airtimeUsedMs: number
  readonly waiting: number
  readonly nextAt: Instant | null
}

const QUEUE = `from downlink_queue q left join spaces s on s.tenant_id = q.tenant_id and s.id = q.space_id`
const WAIT_SECONDS = `extract(epoch from q.sent_at - q.queued_at)`

const GATEWAY_LOADS = `
  select g.gateway_id as "gatewayEui", g.config,
          (select coalesce(sum(a.charged_ms), 0)::float8 from downlink_attempts a where a.tenant_id = g.tenant_id
            and a.charged_gateway_eui = g.gateway_id and a.budget_granted_at > now() - interval '1 hour') as "airtimeUsedMs",
          w.waiting, w."nextAt"
        from gateways g
        cross join lateral (select count(*)::int as waiting, ${epochMs('min(q.next_attempt_at)')} as "nextAt"
          from downlink_queue q join sensor_debounce_state f on f.tenant_id = q.tenant_id and f.device_id = q.device_id
          where q.tenant_id = g.tenant_id and q.status = 'queued' and f.last_gateway_eui = g.gateway_id) w`

export function createDownlinkStatsRepository(tx: ReadTx) {
  /** What waits now counts however old it is; what has ended counts within the window. */
  function commands({ siteId, tenantIds, windowHours }: DownlinkStatsRequest): Filter {
    const filter = createFilter(tx, 'q', tenantIds)
    filter.when(siteId, (p) => `s.site_id = ${p}::uuid`)
    filter.and(`(q.status in ('queued', 'sent') or q.queued_at > now() - make_interval(hours => ${filter.bind(windowHours)}::int))`)
    return filter
  }

  return {
    counts(request: DownlinkStatsRequest): Promise<CommandCount[]> {
      const filter = commands(request)
      return tx.dynamicRows(`select q.status, count(*)::int as count ${QUEUE} where ${filter.text()} group by 1`, filter.values)
    },

    async queueTimes(request: DownlinkStatsRequest): Promise<QueueTimes> {
      const filter = commands(request)
      const text = `select percentile_cont(0.5) within group (order by ${WAIT_SECONDS}) as p50, percentile_cont(0.95) within group (order by ${WAIT_SECONDS}) as p95,
        count(*) filter (where q.sent_at > now() - interval '1 minute')::int as "lastMinute" ${QUEUE} where ${filter.text()}`
      return (await tx.dynamicRows<QueueTimes>(text, filter.values))[0] ?? { p50: null, p95: null, lastMinute: 0 }
    },

    lights({ siteId, tenantIds }: DownlinkStatsRequest): Promise<{ proof: string; count: number }[]> {
      const filter = createFilter(tx, 'd', tenantIds)
      filter.and(`d.kind = 'display' and d.archived_at is null and d.assigned_space_id is not null`)
      filter.when(siteId, (p) => `s.site_id = ${p}::uuid`)
      const text = `select ${PROOF_WORD} as proof, count(*)::int as count from devices d
        left join spaces s on s.tenant_id = d.tenant_id and s.id = d.assigned_space_id
        left join display_state_cache c on c.tenant_id = d.tenant_id and c.device_id = d.id where ${filter.text()} group by 1`
      return tx.dynamicRows(text, filter.values)
    },

    /** Waiting commands are counted at the gateway that heard their light best last. */
    gateways({ siteId, tenantIds }: DownlinkStatsRequest): Promise<GatewayLoad[]> {
      const filter = createFilter(tx, 'g', tenantIds)
      filter.when(siteId, (p) => `g.site_id = ${p}::uuid`)
      const text = `${GATEWAY_LOADS} where ${filter.text()} order by g.name, g.gateway_id limit 500`
      return tx.dynamicRows(text, filter.values)
    },
  }
}
