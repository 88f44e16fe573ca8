/** Watches the gateways of one network-server link (WF-180, WF-303): a change reaches the bays and lights that they serve (DOM-709). */
import { continueAsNew, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow'
import { networkServer, sweep } from '../shared/activity-options'
import { isRunLong } from '../shared/run-length'
import { gatewayWatchStatus, type GatewayWatchInput, type GatewayWatchStatus } from './messages'
import type { GatewayNetworkPort, GatewayRowsPort, GatewayStates } from './port'

const { readGatewayStates } = proxyActivities<GatewayNetworkPort>(networkServer)
const { applyGatewayStates, projectServedSpaces, tellDisplays } = proxyActivities<GatewayRowsPort>(sweep)

const PAUSE = '30 seconds'

export async function gatewayWatch({ tenantId, linkId }: GatewayWatchInput): Promise<void> {
  let status: GatewayWatchStatus = { reachable: true, gateways: 0, changed: 0 }
  setHandler(gatewayWatchStatus, () => ({ ...status }))
  for (;;) {
    const states = await readGatewayStates.executeWithOptions({ summary: 'ask for the gateways' }, [{ tenantId, linkId }])
    const { changed, linkCameBack } = await applyGatewayStates.executeWithOptions({ summary: 'compare and write' }, [
      { tenantId, linkId, states },
    ])
    if (changed.length > 0) await projectServedSpaces.executeWithOptions({ summary: 'project the bays they serve' }, [{ changed }])
    const linkBackFor = linkCameBack ? tenantId : null
    if (changed.length > 0 || linkCameBack)
      await tellDisplays.executeWithOptions({ summary: 'nudge the lights they serve' }, [{ changed, linkBackFor }])
    status = statusOf(states, changed.length)
    setCurrentDetails(states.reachable ? `${status.gateways} gateways, ${status.changed} changed` : `network server away: ${states.code}`)
    if (isRunLong()) await continueAsNew<typeof gatewayWatch>({ tenantId, linkId })
    await sleep(PAUSE, { summary: 'next look' })
  }
}

const statusOf = (states: GatewayStates, changed: number): GatewayWatchStatus => ({
  reachable: states.reachable,
  gateways: states.reachable ? states.gateways.length : 0,
  changed,
})
