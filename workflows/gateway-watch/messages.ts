/** What a gateway watch is started with and can be asked (WF-180). */
import { defineQuery } from '@temporalio/workflow'

export interface GatewayWatchInput {
  /** The tenant whose network-server link is watched; the platform tenant's serves every tenant without its own. */
  readonly tenantId: string
  readonly linkId: string
}

export interface GatewayWatchStatus {
  readonly reachable: boolean
  readonly gateways: number
  readonly changed: number
}

export const gatewayWatchStatus = defineQuery<GatewayWatchStatus>('status')
