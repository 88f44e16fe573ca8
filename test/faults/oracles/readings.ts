/** O1 nothing lost, O2 nothing doubled, O3 truth: pure checks of what is stored against the journal; each answers its findings, none when all is well. */
import type { PoisonEntry, UplinkEntry } from '../journal'
import { playFrames } from '../model'
import type { Evidence, StoredReading, StoredTransition } from './evidence'

interface FrameKey {
  readonly devEui: string
  readonly devAddr: string
  readonly fCnt: number
}

const keyOf = ({ devEui, devAddr, fCnt }: FrameKey): string => `${devEui}/${devAddr}/${fCnt}`

/** O1: every acknowledged message is a stored reading or a dead letter with a reason. */
export function findLost(uplinks: readonly UplinkEntry[], poisons: readonly PoisonEntry[], evidence: Evidence): string[] {
  const stored = new Set(evidence.readings.map(keyOf))
  const setAside = new Map(evidence.deadLetters.map(({ sha256, reason }) => [sha256, reason]))
  return [
    ...uplinks.filter((uplink) => !stored.has(keyOf(uplink))).map((uplink) => `O1: ${keyOf(uplink)} was acknowledged and is nowhere`),
    ...poisons.filter(({ sha256 }) => !setAside.get(sha256)).map(({ what }) => `O1: "${what}" was acknowledged and is no dead letter`),
  ]
}

/** O2: one reading per (device, session, counter), one transition per sequence number, no gap. `starts`: sequence of each space at the start. */
export function findDoubled(evidence: Evidence, starts: ReadonlyMap<string, number>): string[] {
  const twice = duplicatesOf(evidence.readings.map(keyOf)).map((key) => `O2: ${key} is stored twice`)
  const bays = evidence.bays.flatMap(({ spaceId, sequence }) => {
    const found = evidence.transitions.filter((transition) => transition.spaceId === spaceId).map((transition) => transition.sequence)
    const start = starts.get(spaceId) ?? 0
    const wanted = Array.from({ length: Math.max(sequence - start, 0) }, (_, index) => start + index + 1)
    return String(found) === String(wanted) ? [] : [`O2: space ${spaceId} has sequences ${found.join(' ')}, wanted ${wanted.join(' ')}`]
  })
  return [...twice, ...bays]
}

function duplicatesOf(keys: readonly string[]): string[] {
  const seen = new Set<string>()
  return keys.filter((key) => seen.size === seen.add(key).size)
}

export interface TruthInput {
  readonly uplinks: readonly UplinkEntry[]
  readonly evidence: Evidence
  /** State of each bay at the start, by the sensor's EUI. */
  readonly starts: ReadonlyMap<string, string>
  /** The sensor of each space. */
  readonly sensors: ReadonlyMap<string, string>
}

/** O3: state and transitions of each bay are the model's over the frames that were not stored late; lateness itself is proved. */
export function findUntrue({ uplinks, evidence, starts, sensors }: TruthInput): string[] {
  const late = new Set(evidence.readings.filter(({ verdict }) => verdict === 'late').map(keyOf))
  const truth = playFrames(
    uplinks.filter((uplink) => !late.has(keyOf(uplink))),
    starts,
  )
  const bays = evidence.bays.flatMap(({ spaceId, state }) => {
    const bay = truth.get(sensors.get(spaceId) ?? '')
    if (bay === undefined) return [`O3: space ${spaceId} is in no model`]
    const entered = evidence.transitions.filter((transition) => transition.spaceId === spaceId).map(({ newState }) => newState)
    const wanted: readonly string[] = bay.transitions
    return [
      ...(state === bay.state ? [] : [`O3: space ${spaceId} is ${state}, the model says ${bay.state}`]),
      ...(String(entered) === String(wanted) ? [] : [`O3: space ${spaceId} entered ${entered.join(' ')}, the model ${wanted.join(' ')}`]),
    ]
  })
  return [...bays, ...findChainBreaks(evidence.transitions), ...findUnprovedLate(uplinks, evidence.readings), ...miscounted(evidence)]
}

const miscounted = ({ miscountedSites }: Evidence): string[] =>
  miscountedSites.map((site) => `O3: the counters of site ${site} are not its spaces'`)

function findChainBreaks(transitions: readonly StoredTransition[]): string[] {
  return transitions.flatMap((transition, index) => {
    const before = transitions[index - 1]
    if (before?.spaceId !== transition.spaceId || before.newState === transition.previousState) return []
    return [`O3: transition ${transition.sequence} of ${transition.spaceId} begins at ${transition.previousState}, not ${before.newState}`]
  })
}

/** A frame may be late only because a newer one of its device was stored before it. */
function findUnprovedLate(uplinks: readonly UplinkEntry[], readings: readonly StoredReading[]): string[] {
  const sessions = new Map(uplinks.map((uplink) => [keyOf(uplink), uplink.session]))
  const isNewer = (a: StoredReading, b: StoredReading) => {
    const [sessionA, sessionB] = [sessions.get(keyOf(a)) ?? 0, sessions.get(keyOf(b)) ?? 0]
    return sessionA > sessionB || (sessionA === sessionB && a.fCnt > b.fCnt)
  }
  return readings
    .filter(({ verdict }) => verdict === 'late')
    .filter(
      (late) => !readings.some((other) => other.devEui === late.devEui && other.recordedAt <= late.recordedAt && isNewer(other, late)),
    )
    .map((late) => `O3: ${keyOf(late)} is called late, but nothing newer was stored before it`)
}
