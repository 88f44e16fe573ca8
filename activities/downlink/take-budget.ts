/** Asks tenant rate, gateway rate and gateway airtime for one attempt; what is not granted waits and costs nothing (DOM-643…648, LW-110…112). */
import { downlinkCostMs, hourlyBudgetMs, rx2Of } from '#domain/display/airtime'
import type { CommandRow } from '#domain/display/light-rows'
import type { BudgetResult } from '#domain/display/light-settles'
import { reserveShareOf, type PriorityClass } from '#domain/display/priority-class'
import { GATEWAY_COMMANDS_PER_MINUTE } from '#domain/display/rate-budget'
import type { FeedEvent } from '#domain/shared/outbox'
import type { DeliveryRowsPort } from '#workflows/display-delivery/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'

/** The gateway watch nudges earlier when one returns (DOM-709). */
const GATEWAY_AWAY_RETRY_MS = 60_000
/**
 * What was charged may be given back long before its window ends (LW-111): then the urgent ask first, and are not
 * asleep while the others take it (DOM-647).
 */
const URGENT_RETRY_MS = 10_000
const URGENT_UP_TO: PriorityClass = 2
const SHORTEST_RETRY_MS = 250
const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3_600
const RANKS: readonly PriorityClass[] = [1, 2, 3, 4, 5]

interface Ask {
  readonly scope: 'tenant_downlinks' | 'gateway_rate' | 'gateway_airtime'
  readonly key: string
  readonly cost: number
  readonly limit: number
  readonly windowSeconds: number
}

export function createTakeBudget(deps: ActivityDeps): DeliveryRowsPort['takeBudget'] {
  return async (input) => {
    const { result, events } = await deps.unitOfWork.withTenant({ tenantId: input.tenantId }, (repositories) =>
      takeIn(deps, repositories, input),
    )
    if (!result.granted) deps.metrics.downlinkRateLimited.inc({ limit: result.waitingFor })
    await announce(deps, events)
    return result
  }
}

type BudgetInput = Parameters<DeliveryRowsPort['takeBudget']>[0]

interface Taken {
  readonly result: BudgetResult
  readonly events: readonly FeedEvent[]
}

const GRANTED: Taken = { result: { granted: true }, events: [] }

/** The attempt's row is the receipt: a repeat finds it and takes nothing, also one that runs at the same time and waits for the command. */
async function takeIn({ region }: ActivityDeps, repositories: TenantRepositories, input: BudgetInput): Promise<Taken> {
  const { downlinkAttempts, downlinkBudget, downlinks } = repositories
  await downlinks.lock(input.commandId)
  if ((await downlinkAttempts.find(input)) !== null) return GRANTED
  const command = await downlinks.find(input.commandId)
  if (command === null) return GRANTED // gone with its light: the enqueue finds nothing to send
  const serving = await downlinkBudget.servingGateways(input.deviceId)
  if (isBlind(serving)) return refuse(repositories, input, NO_GATEWAY)
  const gatewayEui = nearest(serving)
  const asks = asksFor({ ...input, gatewayEui, command, rate: await downlinkBudget.tenantRate(), region })
  const result = await takeAll(repositories, asks, input.rank)
  if (!result.granted) return refuse(repositories, input, result)
  await downlinkAttempts.grant(input, { gatewayEui, ms: asks.find(({ scope }) => scope === 'gateway_airtime')?.cost ?? null })
  return GRANTED
}

type Serving = Awaited<ReturnType<TenantRepositories['downlinkBudget']['servingGateways']>>

/** Claimed only when it is known of every gateway that serves the light (LW-057). */
const isBlind = (serving: Serving) => serving.length > 0 && serving.every(({ status }) => status === 'offline')

/** Who will be asked to send it, as far as we can tell (DOM-646). */
const nearest = (serving: Serving) => (serving.find(({ isNearest }) => isNearest) ?? serving[0])?.gatewayEui ?? null

type Refused = Extract<BudgetResult, { granted: false }>

const NO_GATEWAY: Refused = { granted: false, waitingFor: 'gateway', retryAfterMs: GATEWAY_AWAY_RETRY_MS }

async function refuse({ downlinks, lightFeed }: TenantRepositories, { commandId }: BudgetInput, result: Refused): Promise<Taken> {
  const noted = await downlinks.note(commandId, { waitingFor: result.waitingFor, nextAt: Date.now() + result.retryAfterMs, code: null })
  return { result, events: noted === null ? [] : [lightFeed.ofCommand(noted)] }
}

interface AskFacts {
  readonly tenantId: string
  readonly gatewayEui: string | null
  readonly command: CommandRow
  readonly rank: number
  readonly rate: number
  readonly region: string
}

/** Less urgent classes leave a share of each budget to the more urgent (DOM-647). */
function asksFor({ tenantId, gatewayEui, command, rank, rate, region }: AskFacts): Ask[] {
  const share = 1 - reserveShareOf(RANKS[rank - 1] ?? 5)
  const perMinute = (scope: Ask['scope'], key: string, limit: number): Ask => ({
    scope,
    key,
    cost: 1,
    limit: Math.floor(limit * share),
    windowSeconds: MINUTE_SECONDS,
  })
  const tenant = perMinute('tenant_downlinks', tenantId, rate)
  if (gatewayEui === null) return [tenant]
  const radio = rx2Of(region)
  const budgetMs = hourlyBudgetMs(radio)
  const cost = Math.ceil(downlinkCostMs(command.payload.length / 2, radio))
  const airtime: Ask[] =
    budgetMs === null
      ? []
      : [{ scope: 'gateway_airtime', key: gatewayEui, cost, limit: Math.floor(budgetMs * share), windowSeconds: HOUR_SECONDS }]
  return [tenant, perMinute('gateway_rate', gatewayEui, GATEWAY_COMMANDS_PER_MINUTE), ...airtime]
}

/** All or nothing, always in this order, so that two lights never wait for each other's rows. */
async function takeAll({ downlinkBudget }: TenantRepositories, asks: readonly Ask[], rank: number): Promise<BudgetResult> {
  const taken: Ask[] = []
  for (const ask of asks) {
    const answer = await downlinkBudget.take(ask)
    if (!answer.granted) {
      for (const earlier of taken) await downlinkBudget.giveBack(earlier)
      return { granted: false, waitingFor: 'budget', retryAfterMs: retryAfterMs(answer.retryAfterMs, rank) }
    }
    taken.push(ask)
  }
  return { granted: true }
}

const retryAfterMs = (ms: number, rank: number): number =>
  Math.max(SHORTEST_RETRY_MS, rank <= URGENT_UP_TO ? Math.min(ms, URGENT_RETRY_MS) : ms)
