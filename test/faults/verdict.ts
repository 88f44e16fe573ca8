/** The oracle that ends every row: waits until all is settled, then asks O1 to O9 for their findings (§ 3.1). */
import { until } from '../harness/until'
import type { FaultWorld } from './world'
import { readEvidence } from './oracles/evidence'
import { findBadAnswers, findBadLines } from './oracles/hygiene'
import { findLightFaults, readLights } from './oracles/lights'
import { findAuditFaults, findBookingFaults, readAudit } from './oracles/mutations'
import { findDoubled, findLost, findUntrue } from './oracles/readings'
import { findStaleClient } from './socket-witness'
import { findWorkflowFaults } from './oracles/workflows'

const SETTLE_MS = 45_000
const LIGHTS_MS = 60_000

/** O1, O2, O3, O7: everything acknowledged is stored, projected and told. Findings of the last look when the time is over. */
export async function findFactFaults(world: FaultWorld, withinMs = SETTLE_MS): Promise<string[]> {
  return settle(() => lookAtFacts(world), withinMs)
}

async function lookAtFacts({ db, fleet, journal, witness }: FaultWorld): Promise<string[]> {
  const evidence = await readEvidence(db, fleet)
  const uplinks = journal.of('uplink')
  const sensors = new Map(fleet.all.map(({ sensor }) => [sensor.spaceId, sensor.devEui]))
  const unsettled = evidence.bays.filter(({ pending }) => pending).map(({ spaceId }) => `space ${spaceId} waits in the outbox`)
  return [
    ...unsettled,
    ...findLost(uplinks, journal.of('poison'), evidence),
    ...findDoubled(evidence, fleet.start.sequences),
    ...findUntrue({ uplinks, evidence, starts: fleet.start.states, sensors }),
    ...findStaleClient(witness, evidence.bays),
  ]
}

/** O5, once the lights have had time to follow. */
export async function findLightFindings({ db, fleet, simulator }: FaultWorld): Promise<string[]> {
  const lights = fleet.lit.flatMap(({ sensor }) => (sensor.lightEui === null ? [] : [sensor.lightEui]))
  return settle(async () => {
    const evidence = await readLights(db, lights, fleet.start.at)
    const findings = findLightFaults(await simulator.journal(), evidence)
    return evidence.commands.length === 0 ? ['O5: no light was commanded, so nothing was looked at'] : findings
  }, LIGHTS_MS)
}

/** O4, O6, O8, O9. */
export async function findOrderFaults({ stack, db, fleet, journal, api, processes }: FaultWorld): Promise<string[]> {
  const answers = journal.of('answer')
  return [
    ...(await findBookingFaults(db, answers)),
    ...findAuditFaults(answers, await readAudit(db, fleet.start.at)),
    ...(await findWorkflowFaults(stack.service('temporal'), db)),
    ...findBadAnswers(api.heard),
    ...findBadLines(stack.dataDir),
    ...processes.unexplainedEnds().map((end) => `O9: ${end}`),
  ]
}

/** Looks until nothing is found or the time is over. */
async function settle(look: () => Promise<string[]>, timeoutMs: number): Promise<string[]> {
  let findings: string[] = ['nothing was looked at']
  await until(
    async () => {
      findings = await look()
      return findings.length === 0
    },
    { timeoutMs, everyMs: 250 },
  ).catch(() => undefined) // the findings say more than the deadline
  return findings
}
