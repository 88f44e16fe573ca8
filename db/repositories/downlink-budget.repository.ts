/** What may be sent now: tenant rate, gateway rate and gateway airtime, by counters that survive Redis (DB-152, DOM-643…648). */
import type { TenantTx } from '../tx'
import { wholeNumber } from './columns'

export interface ServingGateway {
  readonly gatewayEui: string
  /** Null: not one of the tenant's gateways, so its state is not known and counts as online. */
  readonly status: 'online' | 'offline' | 'never_seen' | null
  readonly isNearest: boolean
}

export type BudgetScope = 'tenant_downlinks' | 'gateway_rate' | 'gateway_airtime'

export interface BudgetAsk {
  readonly scope: BudgetScope
  readonly key: string
  readonly cost: number
  /** What this class may use of the whole. */
  readonly limit: number
  readonly windowSeconds: number
}

export interface BudgetAnswer {
  readonly granted: boolean
  readonly retryAfterMs: number
}

/** Gateways that heard the light within 24 h before it was last heard; the one that heard it best last is the one charged (DOM-646, LW-102). */
const SERVING = `
  select g.gateway_eui as "gatewayEui", w.status,
    g.gateway_eui = coalesce((
      select q.gateway_eui from downlink_queue q
      where q.tenant_id = $1 and q.device_id = $2 and q.gateway_eui is not null and q.transmitted_at > coalesce(f.last_heard_at, '-infinity')
      order by q.transmitted_at desc limit 1), f.last_gateway_eui) as "isNearest"
  from device_gateways g
  left join sensor_debounce_state f on f.tenant_id = g.tenant_id and f.device_id = g.device_id
  left join gateways w on w.tenant_id = g.tenant_id and w.gateway_id = g.gateway_eui
  where g.tenant_id = $1 and g.device_id = $2 and g.last_heard_at > coalesce(f.last_heard_at, g.last_heard_at) - interval '24 hours'
  order by g.gateway_eui`

const TENANT_RATE = `
  select coalesce(${wholeNumber(`limits->'downlinks_per_minute'`, 1)}, case subscription_tier when 'enterprise' then 1000 else 100 end) as rate
  from tenants where id = $1`

const TAKE = `select granted, retry_after_ms as "retryAfterMs" from rate_limit_take($1, $2, $3, $4, $5)`
const GIVE_BACK = `select rate_limit_return($1, $2, $3)`

export function createDownlinkBudgetRepository(tx: TenantTx) {
  return {
    servingGateways: (deviceId: string): Promise<ServingGateway[]> => tx.rows<ServingGateway>(SERVING, [tx.tenantId, deviceId]),

    /** `downlinks_per_minute` of the tenant (API-288). */
    async tenantRate(): Promise<number> {
      return (await tx.row<{ rate: number }>(TENANT_RATE, [tx.tenantId]))?.rate ?? 0
    },

    async take({ scope, key, cost, limit, windowSeconds }: BudgetAsk): Promise<BudgetAnswer> {
      return (await tx.row<BudgetAnswer>(TAKE, [scope, key, cost, limit, windowSeconds])) ?? { granted: false, retryAfterMs: 1_000 }
    },

    giveBack: ({ scope, key, cost }: Pick<BudgetAsk, 'scope' | 'key' | 'cost'>): Promise<number> => tx.run(GIVE_BACK, [scope, key, cost]),
  }
}
