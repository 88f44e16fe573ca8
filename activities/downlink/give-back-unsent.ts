/** Returns the airtime of attempts that were granted and never handed to the network server (LW-111, DOM-648). */
import type { Instant } from '#domain/shared/instant'
import type { TenantRepositories } from '../deps'

interface Ended {
  readonly commandId: string
  /** Why its command ended, for the attempt's own row. */
  readonly outcome: string
  readonly at: Instant
}

/** Run twice it finds nothing more: the attempt's outcome is the receipt. */
export async function giveBackUnsent({ downlinkAttempts, downlinkBudget }: TenantRepositories, ended: Ended): Promise<void> {
  const unsent = await downlinkAttempts.endUnsent(ended.commandId, ended.outcome, ended.at)
  for (const { chargedGatewayEui, chargedMs } of unsent) {
    if (chargedGatewayEui === null || chargedMs === null) continue
    await downlinkBudget.giveBack({ scope: 'gateway_airtime', key: chargedGatewayEui, cost: chargedMs })
  }
}
