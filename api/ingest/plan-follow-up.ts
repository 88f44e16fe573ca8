/** What must follow a batch's commit: facts for bays, messages for lights (DOM-907, DOM-915). Pure. */
import { findHeardAt } from '#domain/device/heard-at'
import type { LightReport, NetworkEvent, OutboxMessage, SensorFact } from '#domain/shared/outbox'
import { displayWorkflowId, spaceWorkflowId } from '#domain/shared/workflow-ids'
import type { NormalisedEvent } from './normalised-event'
import type { DeviceEvent, TakenFrame } from './plan-batch'
import type { OutboxEntry } from './rows'

interface Draft {
  readonly tenantId: string
  readonly facts: SensorFact[]
  readonly networkEvents: NetworkEvent[]
  readonly reports: LightReport[]
  /** Null for a bay. */
  readonly lightId: string | null
}

/** `news`: events that were not stored before; an event that comes again tells a light nothing. */
export function planFollowUp(taken: readonly TakenFrame[], news: readonly DeviceEvent[]): OutboxEntry[] {
  const drafts = new Map<string, Draft>()
  const draftOf = (target: string, tenantId: string, lightId: string | null): Draft => {
    const draft = drafts.get(target) ?? { tenantId, facts: [], networkEvents: [], reports: [], lightId }
    drafts.set(target, draft)
    return draft
  }
  for (const { device, step } of taken) {
    const { tenantId, deviceId, assignedSpaceId } = device
    if (step.facts.length > 0 && assignedSpaceId !== null)
      draftOf(spaceWorkflowId(tenantId, assignedSpaceId), tenantId, null).facts.push(...step.facts)
    if (step.report !== null) draftOf(displayWorkflowId(tenantId, deviceId), tenantId, deviceId).reports.push(step.report)
  }
  for (const { device, event } of news) {
    const told = device.kind === 'display' ? networkEvent(event) : null
    if (told !== null)
      draftOf(displayWorkflowId(device.tenantId, device.deviceId), device.tenantId, device.deviceId).networkEvents.push(told)
  }
  return [...drafts].map(([target, draft]) => ({ tenantId: draft.tenantId, target, facts: draft.facts, message: messageOf(draft) }))
}

function messageOf({ tenantId, lightId, networkEvents, reports }: Draft): OutboxMessage | null {
  return lightId === null ? null : { kind: 'display', tenantId, deviceId: lightId, networkEvents, reports }
}

/** What the delivery of a light waits for; a log that is no error means nothing to it (DOM-620 to DOM-628). */
function networkEvent(event: NormalisedEvent): NetworkEvent | null {
  const key = event.dedupeKey
  const at = findHeardAt(event.time, event.receivedAt).heardAt
  switch (event.kind) {
    case 'join':
      return { key, kind: 'join', at }
    case 'ack':
      return { key, kind: 'ack', queueItemId: event.queueItemId, acknowledged: event.acknowledged, at }
    case 'txack':
      return {
        key,
        kind: 'txack',
        queueItemId: event.queueItemId,
        ...(event.gatewayId === null ? {} : { gatewayId: event.gatewayId }),
        ...(event.spreadingFactor === null ? {} : { spreadingFactor: event.spreadingFactor }),
        at,
      }
    case 'log':
      if (event.level !== 'ERROR') return null
      return { key, kind: 'log', code: event.code, ...(event.queueItemId === null ? {} : { queueItemId: event.queueItemId }), at }
    default:
      return null
  }
}
