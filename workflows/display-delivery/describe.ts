/** One line of state for the Temporal UI (WF-006), and the answer of the status query. */
import type { Light } from '#domain/display/light'
import type { DisplayStatus } from './messages'

export function describeLight(light: Light): string {
  const name = light.profile === null ? '' : `${light.profile.label}: `
  return `${name}wanted v${light.wantedVersion} · ${describeWork(light)}`
}

function describeWork({ command, proving, joinedAt, failedVersion }: Light): string {
  if (joinedAt !== null) return 'joined, waiting for its first uplink'
  if (command !== null) {
    const waiting = command.waitingFor === null ? '' : ` · waiting for ${command.waitingFor.replace('_', ' ')}`
    const work = command.kind === 'display' ? `v${command.version}` : command.kind.replace('_', ' ')
    return `${work} ${command.phase === 'sent' ? 'sent' : 'queued'}, attempt ${command.attemptNo} of 5${waiting}`
  }
  if (failedVersion > 0) return `v${failedVersion} failed (dead letter)`
  if (proving !== null)
    return `v${proving.command.version} transmitted, ${proving.deadline === null ? 'unverified' : 'waiting for its report'}`
  return 'nothing under way'
}

export function statusOf(light: Light): DisplayStatus {
  const { wantedVersion, sentVersion } = light
  const known = { wantedVersion, sentVersion, status: stateOf(light) }
  const command = light.command ?? light.proving?.command ?? null
  if (command === null) return { ...known, commandId: null, attemptNo: 0, waitingFor: null, nextAt: null }
  const { commandId, attemptNo, waitingFor, lookAgainAt, notBefore } = command
  return { ...known, commandId, attemptNo, waitingFor, nextAt: light.command === null ? null : (lookAgainAt ?? notBefore) }
}

function stateOf({ command, proving, failedVersion }: Light): DisplayStatus['status'] {
  if (command !== null) return command.phase === 'sent' ? 'sent' : 'queued'
  if (failedVersion > 0) return 'failed'
  return proving === null ? 'idle' : 'transmitted'
}
