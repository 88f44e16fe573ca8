/** What a light says it shows: proof of a command, or drift from what is wanted (DOM-630…633). */
import type { ReportRecord } from '#domain/display/light-records'
import type { DisplayStateRow } from '#domain/display/light-rows'
import { lookOf, sameLook } from '#domain/display/light-reports'
import type { FeedEvent, LightReport } from '#domain/shared/outbox'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { lookOfPayload } from './light-facts'

const hex = (channel: number) => channel.toString(16).toUpperCase().padStart(2, '0')

export async function recordReport(
  { metrics }: Pick<ActivityDeps, 'metrics'>,
  repositories: TenantRepositories,
  { deviceId, record }: { deviceId: string; record: ReportRecord },
): Promise<FeedEvent[]> {
  const { alerts, displayStates, downlinks, lightFeed } = repositories
  const { report, confirms } = record
  const before = await displayStates.find(deviceId)
  if (before === null) return []
  const isWanted = showsWanted(before, report)
  await displayStates.markReported(deviceId, { ...nameLook(before, report, isWanted), at: report.at, counter: report.counter, isWanted })
  const proved = confirms === null ? null : await downlinks.markProved(confirms.commandId, report.readingId, report.at)
  if (proved?.sentAt != null) metrics.downlinkLatency.observe({ stage: 'prove' }, (report.at - proved.sentAt) / 1_000)
  const after = await displayStates.find(deviceId)
  const closed = isWanted ? await closeAlerts(alerts, deviceId) : []
  const told = hasChanged(before, after) ? lightFeed.ofLight(after, { downlinkId: confirms?.commandId ?? null, at: report.at }) : []
  return [...(proved === null ? [] : [lightFeed.ofCommand(proved)]), ...told, ...closed]
}

function showsWanted(row: DisplayStateRow, report: LightReport): boolean {
  const wanted = lookOfPayload(row.model, row.wantedPayload, row.wantedFPort)
  return wanted !== null && sameLook(wanted, lookOf(report))
}

/** The policy's own words where they fit; otherwise what the bytes say, and blinking of an unknown kind. */
function nameLook(row: DisplayStateRow, report: LightReport, isWanted: boolean): { color: string; pattern: string } {
  if (isWanted && row.wantedColor !== null && row.wantedPattern !== null) return { color: row.wantedColor, pattern: row.wantedPattern }
  const { r, g, b } = report.color
  return { color: `#${hex(r)}${hex(g)}${hex(b)}`, pattern: report.off === 0 ? 'solid' : 'blink' }
}

async function closeAlerts(alerts: TenantRepositories['alerts'], subjectId: string): Promise<FeedEvent[]> {
  const unproved = await alerts.close({ kind: 'light_unproved', subjectId })
  return [...unproved, ...(await alerts.close({ kind: 'downlink_dead_letter', subjectId }))]
}

/** A light that repeats itself every half hour tells nobody anything. */
const hasChanged = (before: DisplayStateRow, after: DisplayStateRow | null) =>
  after === null ||
  before.shownColor !== after.shownColor ||
  before.shownPattern !== after.shownPattern ||
  before.proof !== after.proof ||
  before.driftSince !== after.driftSince
