/** What a light's own report proves or disproves (DOM-630…633, LW-245, LW-246). */
import type { LightReport } from '../shared/outbox'
import { force, isAwaitingProof, isNewerWanted, type Command, type Light, type LampLook, type Proving } from './light'
import { loseAttempt } from './light-losses'
import type { Change, LightRecord, Moment } from './light-records'

/** Two clocks meet here, the network's and ours; the counter, not the clock, is what proves. */
const CLOCK_SLACK_MS = 2_000

export const lookOf = (report: LightReport): LampLook => ({ ...report.color, steady: report.off === 0 })

/** R, G, B equal and both steady or both blinking; on-times have other units in reports and are not compared (DOM-631). */
export const sameLook = (one: LampLook, other: LampLook): boolean =>
  one.r === other.r && one.g === other.g && one.b === other.b && one.steady === other.steady

/** `5.10` is newer than `5.6`: parts are numbers. */
function isFirmwareAtLeast(firmware: string, least: string): boolean {
  const [major = 0, minor = 0] = firmware.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}

/** `received` counts the frames that the light heard: it moved, or there was no earlier report in this session. */
const hasMoved = (light: Light, report: LightReport) =>
  light.counter === null || report.session !== light.session || report.counter !== light.counter

const isAfter = (report: LightReport, instant: number) => report.at >= instant - CLOCK_SLACK_MS

export function hearReport(light: Light, report: LightReport, moment: Moment): Change {
  const met = meet(light, report)
  if (light.joinedAt !== null) return firstUp(met, report)
  if (!hasMoved(light, report)) return judgeIdle(met, report, null)
  const proved = provedBy(light, report)
  if (proved !== null) return confirm(met, report, proved)
  const own = answeredOwn(light, report)
  const settled = own === null ? met : { ...met, command: null, setUpDue: met.setUpDue && own.kind !== 'setup' }
  const waiting = settled.proving
  if (waiting !== null && waiting.deadline !== null && isAfter(report, waiting.since))
    return disprove(settled, report, { own, waiting, moment })
  return judgeIdle(settled, report, own)
}

/** Session, counter and set-up of the light as this report tells them. */
function meet(light: Light, report: LightReport): Light {
  const isNewSession = light.session === null || report.session !== light.session
  const from = light.profile?.setUpFrom ?? null
  const knowsSetUp = from !== null && report.firmware !== null && isFirmwareAtLeast(report.firmware, from)
  return { ...light, session: report.session, counter: report.counter, setUpDue: isNewSession ? knowsSetUp : light.setUpDue }
}

/** After a join it shows its power-up colour, whatever we sent before: the wanted display goes out as a new command (DOM-626). */
function firstUp(light: Light, report: LightReport): Change {
  return { light: force({ ...light, joinedAt: null, lookForUpAt: null, failedVersion: 0 }), records: [record(report, null)] }
}

/** The display command that this report proves, also straight from `sent` (LW-056). */
function provedBy({ command, proving }: Light, report: LightReport): Command | null {
  const sent = command?.phase === 'sent' ? [{ command, since: command.sentAt ?? report.at }] : []
  const waiting = proving === null ? [] : [proving]
  const shown = lookOf(report)
  const proved = [...sent, ...waiting].find(
    ({ command: { look }, since }) => look !== null && isAfter(report, since) && sameLook(look, shown),
  )
  return proved?.command ?? null
}

/** A set-up or status request that was under way: the counter moved, so the light heard it. */
function answeredOwn(light: Light, report: LightReport): Command | null {
  const { command } = light
  if (command === null || command.kind === 'display' || command.sentAt === null || !isAfter(report, command.sentAt)) return null
  return command
}

function confirm(light: Light, report: LightReport, proved: Command): Change {
  const isCommand = light.command?.commandId === proved.commandId
  const own = answeredOwn(light, report)
  const command = isCommand || own !== null ? null : light.command
  const setUpDue = light.setUpDue && own?.kind !== 'setup'
  const records: LightRecord[] = own === null ? [] : [record(report, own)]
  return { light: { ...light, command, setUpDue, proving: null, failedVersion: 0 }, records: [...records, record(report, proved)] }
}

function disprove(light: Light, report: LightReport, by: { own: Command | null; waiting: Proving; moment: Moment }): Change {
  const lost = loseAttempt({ ...light, proving: null }, { command: by.waiting.command, code: 'other_color' }, by.moment)
  return { light: lost.light, records: [record(report, by.own), ...lost.records] }
}

/** Nothing of ours is under way: another display than the last one sent is drift, and never compared with "last sent" again (DOM-633). */
function judgeIdle(light: Light, report: LightReport, own: Command | null): Change {
  const records = [record(report, own)]
  const isBusy = light.command !== null || isAwaitingProof(light) || isNewerWanted(light)
  if (isBusy || light.look === null) return { light, records }
  if (sameLook(light.look, lookOf(report))) return { light: { ...light, failedVersion: 0 }, records }
  return { light: force({ ...light, proving: null, failedVersion: 0 }), records }
}

function record(report: LightReport, confirms: Command | null): LightRecord {
  return { kind: 'report', report, confirms: confirms && { commandId: confirms.commandId, attemptNo: confirms.attemptNo } }
}
