/** A light and its commands as the database keeps them (DB-252, DB-253), as plain data: instants in ms, payloads in hex. */
import type { Instant } from '../shared/instant'
import type { CommandKind, CommandOrigin } from './light'
import type { CommandStatus } from './light-records'

/** One light as its delivery sees it. */
export interface DisplayStateRow {
  readonly deviceId: string
  readonly devEui: string
  readonly model: string | null
  readonly lifecycleState: string
  readonly isArchived: boolean
  readonly config: Readonly<Record<string, unknown>>
  readonly spaceId: string | null
  readonly siteId: string | null
  readonly spaceCode: string | null
  /** From the policy version that governs the bay; null = built-in default. */
  readonly minDwellSeconds: number | null
  readonly wantedVersion: number
  readonly wantedSituation: string | null
  readonly wantedColor: string | null
  readonly wantedPattern: string | null
  readonly wantedPayload: string | null
  readonly wantedFPort: number | null
  readonly wantedConfirmed: boolean
  readonly decisionSequence: number | null
  readonly sentVersion: number
  readonly sentAt: Instant | null
  readonly shownColor: string | null
  readonly shownPattern: string | null
  readonly proof: 'none' | 'transmitted' | 'acked' | 'reported'
  readonly reportCounter: number | null
  readonly driftSince: Instant | null
  readonly unprovedCount: number
  readonly dismissedVersion: number | null
  readonly lastHeardAt: Instant | null
  readonly session: string | null
  readonly firmware: string | null
}

export interface CommandRow {
  readonly commandId: string
  readonly deviceId: string
  readonly devEui: string
  readonly spaceId: string | null
  readonly command: string
  readonly origin: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly wantedVersion: number | null
  readonly payload: string
  readonly fPort: number
  readonly confirmed: boolean
  readonly priority: number
  readonly status: CommandStatus
  readonly waitingFor: string | null
  readonly attempts: number
  readonly nextAttemptAt: Instant | null
  readonly queueItemId: string | null
  readonly queuedAt: Instant
  readonly sentAt: Instant | null
  readonly transmittedAt: Instant | null
  readonly endedAt: Instant | null
  readonly expiresAt: Instant | null
  readonly proof: string | null
  readonly updatedAt: Instant
}

export interface NewCommand {
  readonly commandId: string
  readonly deviceId: string
  readonly devEui: string
  readonly spaceId: string | null
  readonly origin: CommandOrigin
  readonly command: CommandKind
  readonly arguments: Readonly<Record<string, unknown>>
  readonly wantedVersion: number | null
  readonly decisionSequence: number | null
  readonly payload: string
  readonly fPort: number
  readonly confirmed: boolean
  /** 1–10 as the API speaks, two to a class (DOM-647). */
  readonly priority: number
  readonly notBefore: Instant | null
  readonly workflowId: string
}

export interface AttemptKey {
  readonly commandId: string
  readonly attemptNo: number
}

export interface AttemptRow extends AttemptKey {
  readonly fingerprintExpiresAt: Instant
  readonly chargedGatewayEui: string | null
  readonly chargedMs: number | null
  readonly enqueuedAt: Instant | null
  readonly queueItemId: string | null
  readonly repeatQueueItemId: string | null
  readonly outcome: string | null
}
