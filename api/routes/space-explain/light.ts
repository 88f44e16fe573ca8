/** The light's part of an explanation: what the decision asked for, how far the command got, and what is still missing (DOM-246, D-61). */
import { proofWord, type ProofWord } from '#domain/display/proof-word'
import { isoOrNull } from '../shared/present'
import { presentSteps, type AttemptRow, type DownlinkRow } from '../downlinks/steps'
import type { SpaceRow } from '../spaces/presenter'
import type { TransitionRow } from './cards'

export interface LightParts {
  readonly space: SpaceRow
  readonly transition: TransitionRow | null
  /** The transition is the newest: what the light shows now speaks too. */
  readonly isNewest: boolean
  readonly downlink: DownlinkRow | null
  readonly attempts: readonly AttemptRow[]
}

export function presentLight(parts: LightParts) {
  const { space, transition, downlink, isNewest } = parts
  const deviceId = downlink?.deviceId ?? space.display?.deviceId
  if (deviceId === undefined) return null
  const proof = proofOf(parts)
  return {
    device_id: deviceId,
    desired: desiredOf(transition, space, isNewest),
    proof,
    missing: missingOf(parts, proof),
    ...presentCommand(parts),
  }
}

function presentCommand({ space, downlink, attempts, isNewest }: LightParts) {
  const shownAt = isNewest && space.proof === 'reported' ? space.shownAt : null
  if (downlink === null) {
    return {
      downlink_id: null,
      status: null,
      reported_at: isoOrNull(shownAt),
      attempts: 0,
      payload_hex: null,
      proof_reading_id: null,
      steps: [],
    }
  }
  return {
    downlink_id: downlink.downlinkId,
    status: downlink.status,
    reported_at: isoOrNull(downlink.proofAt ?? shownAt),
    attempts: downlink.attempts,
    payload_hex: downlink.payloadHex,
    proof_reading_id: downlink.proofReadingId,
    steps: presentSteps(downlink, attempts),
  }
}

function desiredOf(transition: TransitionRow | null, space: SpaceRow, isNewest: boolean) {
  const { color, pattern } = transition?.display ?? {}
  if (typeof color === 'string' && typeof pattern === 'string') return { color, pattern }
  return isNewest && space.wantedColor !== null && space.wantedPattern !== null
    ? { color: space.wantedColor, pattern: space.wantedPattern }
    : null
}

/** Of the newest decision the light's shadow speaks; of an older one only its own command can. */
function proofOf({ space, downlink, isNewest }: LightParts): ProofWord | 'none' {
  if (isNewest && space.proof !== null)
    return proofWord({ proof: space.proof, isAsWanted: space.isAsWanted, hasOpenCommand: space.hasOpenCommand })
  if (downlink === null) return 'none'
  if (downlink.proof === 'reported') return 'proved'
  return downlink.status === 'queued' || downlink.status === 'sent' ? 'pending' : 'unverified'
}

const WAITING: Readonly<Record<string, string>> = {
  network_server: 'The network server does not answer; the command waits.',
  gateway: 'No gateway that serves this light is online; the command waits.',
  budget: 'The airtime or rate budget is used up; the command waits.',
  dwell: 'The light was changed a moment ago; the command waits for its dwell.',
}
const MISSING_BY_STATUS: Readonly<Record<string, string>> = {
  queued: 'The command has not been handed to the network server yet.',
  sent: 'The network server has it; no gateway has transmitted it yet.',
  transmitted: 'A gateway transmitted it; the light has not reported it. Transmitted is not delivered.',
  confirmed: 'The light acknowledged it and has not reported what it shows.',
  superseded: 'A newer look took its place.',
  expired: 'It ran out before it could be sent.',
  failed: 'Every attempt was lost.',
}

/** Says more than the status alone. */
const MISSING_BY_REASON: Readonly<Record<string, string>> = {
  rejoined: 'The light joined anew; its colour is sent after its first uplink.',
  cancelled: 'It was cancelled.',
}

/** Null when the light's own report proves it. */
function missingOf({ downlink }: LightParts, proof: string): string | null {
  if (proof === 'proved') return null
  if (proof === 'drifted') return 'The light reports another look than it should show.'
  if (downlink === null) return 'No command was needed or made for this decision.'
  const waiting = downlink.waitingFor === null ? undefined : WAITING[downlink.waitingFor]
  const because = downlink.status === 'superseded' ? MISSING_BY_REASON[downlink.statusReason ?? ''] : undefined
  return waiting ?? because ?? MISSING_BY_STATUS[downlink.status] ?? null
}
