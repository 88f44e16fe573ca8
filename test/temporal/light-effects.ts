/** Effects of a light's delivery that a test scripts: what is wanted, how each enqueue ends, what was recorded. */
import { ApplicationFailure } from '@temporalio/common'
import type { CommandKind, LampLook, LightProfile } from '#domain/display/light'
import type { LightRecord } from '#domain/display/light-records'
import type { BudgetResult, EnqueueResult, InspectResult, LoadResult, OpenResult } from '#domain/display/light-settles'
import type { DeliveryNetworkPort, DeliveryRowsPort } from '#workflows/display-delivery/port'

const PROFILE: LightProfile = {
  label: 'A-12 (…0102)',
  assigned: true,
  reports: true,
  setUpFrom: null,
  minDwellMs: 1_000,
  inflightWaitMs: 8_000,
  transmitWindowMs: 15_000,
  proofWindowMs: 20_000,
  refreshMs: null,
}

const TTL_MS = 120_000
export const RED: LampLook = { r: 255, g: 0, b: 0, steady: true }

export interface ScriptedLight {
  wantedVersion: number
  profile: LightProfile
  gone: boolean
  /** Taken in order; then every enqueue is accepted. */
  enqueueResults: EnqueueResult[]
  budgetResults: BudgetResult[]
  inspectResults: InspectResult[]
  /** Failures of `takeBudget` before it answers. */
  databaseFailures: number
  /** Refusals for good of `takeBudget`. */
  refusals: number
  readonly opened: {
    readonly commandId: string
    readonly kind: CommandKind
    readonly version: number
    readonly supersedes: string | null
  }[]
  readonly enqueued: {
    readonly commandId: string
    readonly attemptNo: number
    readonly now: number
    readonly isRepeat: boolean
    readonly queueItemId: string | null
  }[]
  readonly records: LightRecord[]
  readonly rows: DeliveryRowsPort
  readonly network: DeliveryNetworkPort
}

export function createScriptedLight(): ScriptedLight {
  const light: ScriptedLight = {
    wantedVersion: 0,
    profile: PROFILE,
    gone: false,
    enqueueResults: [],
    budgetResults: [],
    inspectResults: [],
    databaseFailures: 0,
    refusals: 0,
    opened: [],
    enqueued: [],
    records: [],
    rows: {
      async loadWanted(): Promise<LoadResult> {
        if (light.gone) return { gone: true }
        const nothing = { dwellUntil: 0, look: null, counter: null, session: null, lastHeardAt: null, command: null }
        return { gone: false, profile: light.profile, wantedVersion: light.wantedVersion, sentVersion: 0, ...nothing }
      },
      async openCommand({ commandId, kind, supersedes }): Promise<OpenResult> {
        if (light.gone) return { gone: true }
        const version = light.wantedVersion
        if (!light.opened.some((known) => known.commandId === commandId)) light.opened.push({ commandId, kind, version, supersedes })
        return {
          gone: false,
          profile: light.profile,
          opened: true,
          reason: null,
          commandId,
          kind,
          version,
          rank: 2,
          look: kind === 'display' ? RED : null,
        }
      },
      async takeBudget(): Promise<BudgetResult> {
        if (light.databaseFailures-- > 0) throw new Error('database away')
        if (light.refusals-- > 0) throw ApplicationFailure.nonRetryable('refused', 'resource.duplicate')
        return light.budgetResults.shift() ?? { granted: true }
      },
      async recordOutcome({ record }): Promise<void> {
        light.records.push(record)
      },
    },
    network: {
      async enqueue({ commandId, attemptNo, now, isRepeat }): Promise<EnqueueResult> {
        const queueItemId = `item-${light.enqueued.length + 1}`
        const result = light.enqueueResults.shift() ?? { result: 'accepted', queueItemId, expiresAt: now + TTL_MS, events: [] }
        light.enqueued.push({ commandId, attemptNo, now, isRepeat, queueItemId: result.result === 'accepted' ? result.queueItemId : null })
        return result
      },
      async inspectQueue(): Promise<InspectResult> {
        return light.inspectResults.shift() ?? 'gone'
      },
    },
  }
  return light
}

/** What became of commands, in order: `transmitted`, `queued (no_txack)`, … */
export const outcomesOf = (light: ScriptedLight): string[] =>
  light.records.flatMap((record) => {
    if (record.kind === 'outcome') return [record.reason === null ? record.to : `${record.to} (${record.reason})`]
    if (record.kind === 'report') return [record.confirms === null ? 'reported' : 'proved']
    return [record.kind]
  })
