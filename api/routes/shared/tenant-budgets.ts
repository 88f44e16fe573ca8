/** What each tenant may ask per minute and hold open: its tier's numbers or those set by hand, remembered for some seconds (API-049 ff., API-063, API-283). */
import type { UnitOfWork } from '#db/unit-of-work'
import type { TenantBudget } from '../../middleware/rate-limiter'
import type { Row } from './repositories'

export interface TenantAllowance extends TenantBudget {
  readonly maxSockets: number
  /** API-288. */
  readonly downlinksPerMinute: number
}

type Tier = Row<'tenant', 'get'>['tier']

const TIERS: Readonly<
  Record<Tier, { readonly read: number; readonly write: number; readonly maxSockets: number; readonly downlinksPerMinute: number }>
> = {
  basic: { read: 6_000, write: 3_000, maxSockets: 50, downlinksPerMinute: 100 },
  professional: { read: 20_000, write: 10_000, maxSockets: 500, downlinksPerMinute: 100 },
  enterprise: { read: 200_000, write: 100_000, maxSockets: 5_000, downlinksPerMinute: 1_000 },
}
const REMEMBER_MS = 5_000
const MAX_REMEMBERED = 10_000

export interface TenantBudgets {
  allowanceOf(tenantId: string): Promise<TenantAllowance>
}

export function createTenantBudgets({ unitOfWork, now }: { unitOfWork: UnitOfWork; now: () => number }): TenantBudgets {
  const remembered = new Map<string, { readonly allowance: Promise<TenantAllowance>; readonly until: number }>()

  async function load(tenantId: string): Promise<TenantAllowance> {
    const tenant = await unitOfWork.withTenant({ tenantId }, (repositories) => repositories.tenant.get(), { readOnly: true })
    return allowanceFrom(tenant)
  }

  return {
    allowanceOf(tenantId) {
      const known = remembered.get(tenantId)
      if (known !== undefined && known.until > now()) return known.allowance
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      const allowance = load(tenantId)
      remembered.set(tenantId, { allowance, until: now() + REMEMBER_MS })
      allowance.catch(() => remembered.delete(tenantId)) // the caller sees the error; the next one asks again
      return allowance
    },
  }
}

/** A number set by hand binds everybody there; the platform tenant has the highest tier. */
function allowanceFrom(tenant: Row<'tenant', 'get'> | null): TenantAllowance {
  const tier = TIERS[tierOf(tenant)]
  const byHand = (name: string) => positive(tenant?.limits[name])
  const [read, write] = [byHand('requests_per_minute'), byHand('writes_per_minute')]
  return {
    read: read ?? tier.read,
    write: write ?? tier.write,
    bindsEverybody: { read: read !== null, write: write !== null },
    maxSockets: byHand('max_sockets') ?? tier.maxSockets,
    downlinksPerMinute: byHand('downlinks_per_minute') ?? tier.downlinksPerMinute,
  }
}

function tierOf(tenant: Row<'tenant', 'get'> | null): Tier {
  return tenant?.type === 'platform' ? 'enterprise' : (tenant?.tier ?? 'basic')
}

const positive = (value: unknown): number | null => (typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null)
