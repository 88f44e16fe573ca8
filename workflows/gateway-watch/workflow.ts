/** Watches the gateways of one network-server link (WF-180, WF-303): a change reaches the bays and lights that they serve (DOM-709). */
import { continueAsNew, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow'
import { networkServer, sweep } from '../shared/activity-options'
import { isRefused } from '../shared/refusal'
import { isRunLong } from '../shared/run-length'
import { gatewayWatchStatus, type GatewayWatchInput, type GatewayWatchStatus } from './messages'
import type { ChangedGateway, GatewayNetworkPort, GatewayRowsPort, GatewayStates, LinkRef, ServedSpace } from './port'

const { readGatewayStates } = proxyActivities<GatewayNetworkPort>(networkServer)
const { applyGatewayStates, projectServedSpaces, tellDisplays } = proxyActivities<GatewayRowsPort>(sweep)

const PAUSE = '30 seconds'

export async function gatewayWatch({ tenantId, linkId }: GatewayWatchInput): Promise<void> {
  const watch: { status: GatewayWatchStatus } = { status: { reachable: true, gateways: 0, changed: 0 } }
  setHandler(gatewayWatchStatus, () => ({ ...watch.status }))
  for (;;) {
    await isRefused(async () => void (watch.status = await look({ tenantId, linkId })))
    if (isRunLong()) await continueAsNew<typeof gatewayWatch>({ tenantId, linkId })
    await sleep(PAUSE, { summary: 'next look' })
  }
}

/** What the server says is compared and written; what changed reaches bays, then lights. */
async function look(link: LinkRef): Promise<GatewayWatchStatus> {
  const lookedAt = Date.now()
  const states = await readGatewayStates.executeWithOptions({ summary: 'ask for the gateways' }, [link])
  const { changed, linkCameBack } = await applyGatewayStates.executeWithOptions({ summary: 'compare and write' }, [
    { ...link, states, lookedAt },
  ])
  if (changed.length > 0) await projectAll(changed)
  const linkBackFor = linkCameBack ? link.tenantId : null
  const isTold = changed.length > 0 || linkCameBack
  if (isTold) await tellDisplays.executeWithOptions({ summary: 'nudge the lights they serve' }, [{ changed, linkBackFor }])
  const status = statusOf(states, changed.length)
  setCurrentDetails(states.reachable ? `${status.gateways} gateways, ${status.changed} changed` : `network server away: ${states.code}`)
  return status
}

/** A whole site is more than one attempt can do: each goes on where the last one ended. */
async function projectAll(changed: readonly ChangedGateway[]): Promise<void> {
  let after: ServedSpace | undefined
  do {
    const input = after === undefined ? { changed } : { changed, after }
    after = (await projectServedSpaces.executeWithOptions({ summary: 'project the bays they serve' }, [input])).next
  } while (after !== undefined)
}

const statusOf = (states: GatewayStates, changed: number): GatewayWatchStatus => ({
  reachable: states.reachable,
  gateways: states.reachable ? states.gateways.length : 0,
  changed,
})
