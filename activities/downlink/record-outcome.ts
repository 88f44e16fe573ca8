/** Writes what became of a command or a light; each record is one compare-and-set, so that a repeat changes nothing (DOM-610…634). */
import type { LightRecord } from '#domain/display/light-records'
import type { FeedEvent } from '#domain/shared/outbox'
import type { DeliveryRowsPort, DisplayRef } from '#workflows/display-delivery/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { recordCommandOutcome } from './record-command-outcome'
import { recordReport } from './record-report'

const UNPROVED_BEFORE_ALERT = 3

export function createRecordOutcome(deps: ActivityDeps): DeliveryRowsPort['recordOutcome'] {
  return async ({ record, ...display }) => {
    const events = await deps.unitOfWork.withTenant({ tenantId: display.tenantId }, async (repositories) => {
      await repositories.displayStates.lock(display.deviceId)
      return write(deps, repositories, { display, record })
    })
    await announce(deps, events)
  }
}

interface Written {
  readonly display: DisplayRef
  readonly record: LightRecord
}

function write(deps: ActivityDeps, repositories: TenantRepositories, { display, record }: Written): Promise<FeedEvent[]> {
  switch (record.kind) {
    case 'outcome':
      return recordCommandOutcome(deps, repositories, { deviceId: display.deviceId, record })
    case 'report':
      return recordReport(deps, repositories, { deviceId: display.deviceId, record })
    case 'note':
      return recordNote(repositories, { deviceId: display.deviceId, record })
    case 'rejoin':
      return forget(repositories, { deviceId: display.deviceId, at: record.at })
  }
}

type Note = Extract<LightRecord, { kind: 'note' }>

async function recordNote(
  repositories: TenantRepositories,
  { deviceId, record }: { deviceId: string; record: Note },
): Promise<FeedEvent[]> {
  const { downlinks, lightFeed } = repositories
  if (record.code === 'unproved') return recordUnproved(repositories, deviceId)
  const noted = await downlinks.note(record.commandId, { waitingFor: record.waitingFor, nextAt: record.nextAt, code: record.code })
  return noted === null ? [] : [lightFeed.ofCommand(noted)]
}

/** It stays `transmitted`, unverified; three in a row are worth a person's look (DOM-632). */
async function recordUnproved({ alerts, displayStates }: TenantRepositories, deviceId: string): Promise<FeedEvent[]> {
  const count = await displayStates.countUnproved(deviceId)
  if (count < UNPROVED_BEFORE_ALERT) return []
  const row = await displayStates.find(deviceId)
  return alerts.open({
    kind: 'light_unproved',
    severity: 'warning',
    subjectType: 'device',
    subjectId: deviceId,
    siteId: row?.siteId ?? null,
    spaceId: row?.spaceId ?? null,
    deviceId,
    evidence: { in_a_row: count },
  })
}

async function forget(
  { displayStates, lightFeed }: TenantRepositories,
  { deviceId, at }: { deviceId: string; at: number },
): Promise<FeedEvent[]> {
  await displayStates.forgetShown(deviceId, at)
  return lightFeed.ofLight(await displayStates.find(deviceId), { downlinkId: null, at })
}
