/** From rows to what the rules of delivery speak of: the light's profile, looks of payloads, bytes of the platform's own commands. */
import { decodeDownlink, encode, findModel } from '#domain/codec/registry'
import type { Command, LampLook, LightProfile } from '#domain/display/light'
import type { CommandRow, DisplayStateRow } from '#domain/display/light-rows'
import { classOfPriority, priorityClassOf, type PriorityClass } from '#domain/display/priority-class'
import { SITUATIONS, type Situation } from '#domain/display/policy'

const DEFAULT_DWELL_SECONDS = 5
/** DOM-605, DOM-622, DOM-632, DOM-649: defaults and, where given, limits of a device's own numbers. */
const INFLIGHT_WAIT_SECONDS = 8
const TRANSMIT_WINDOW = { byDefault: 15, min: 5, max: 60 }
const PROOF_WINDOW = { byDefault: 20, min: 5, max: 120 }
const TTL = { byDefault: 120, min: 15, max: 3_600 }
const REFRESH_MINUTES = 360
/** The Busylight's `0601`, "answer every frame", exists from this firmware on (LW-245). */
const SET_UP_FROM: Readonly<Record<string, string>> = { 'plenom-busylight': '5.6' }
const ENDED = new Set(['decommissioned', 'retired'])

type Config = Readonly<Record<string, unknown>>

const numberOf = (config: Config, name: string, fallback: number): number => {
  const value = config[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback
}

const within = (config: Config, name: string, { byDefault, min, max }: typeof TTL): number =>
  Math.min(max, Math.max(min, numberOf(config, name, byDefault)))

/** Nothing is sent to it any more. */
export const isGone = (row: DisplayStateRow | null): row is null => row === null || row.isArchived || ENDED.has(row.lifecycleState)

export function profileOf(row: DisplayStateRow): LightProfile {
  const { config, model } = row
  const reports = model !== null && (findModel(model)?.capabilities.reportsState ?? false)
  const refreshMinutes = numberOf(config, 'refresh_minutes', REFRESH_MINUTES)
  return {
    label: `${row.spaceCode ?? 'no bay'} (…${row.devEui.slice(-4)})`,
    assigned: row.spaceId !== null,
    reports,
    setUpFrom: model === null ? null : (SET_UP_FROM[model] ?? null),
    minDwellMs: (row.minDwellSeconds ?? DEFAULT_DWELL_SECONDS) * 1_000,
    inflightWaitMs: INFLIGHT_WAIT_SECONDS * 1_000,
    transmitWindowMs: within(config, 'transmit_window_seconds', TRANSMIT_WINDOW) * 1_000,
    proofWindowMs: within(config, 'proof_window_seconds', PROOF_WINDOW) * 1_000,
    refreshMs: reports || refreshMinutes <= 0 ? null : refreshMinutes * 60_000,
  }
}

/** How long an item may wait in the network server's queue (DOM-604). */
export const ttlMsOf = (config: Config): number => within(config, 'downlink_ttl_seconds', TTL) * 1_000

/** What these bytes make the lamp show; null when they are no colour that its codec knows. */
export function lookOfPayload(model: string | null, payloadHex: string | null, fPort: number | null): LampLook | null {
  if (model === null || payloadHex === null || fPort === null) return null
  const command = decodeDownlink(model, { fPort, bytes: Buffer.from(payloadHex, 'hex') })
  return command?.type === 'color' ? { ...command.color, steady: (command.off ?? 0) === 0 } : null
}

const isSituation = (text: string | null): text is Situation => text !== null && (SITUATIONS as readonly string[]).includes(text)

/** DOM-647; what only repairs or repeats is in the last class. */
export function rankOf(situation: string | null, origin: string): PriorityClass {
  if (origin !== 'policy') return 5
  return isSituation(situation) ? priorityClassOf(situation) : 5
}

/** The API's 1–10, two to a class. */
export const priorityOf = (rank: number): number => rank * 2

/** Bytes of a command of ours, or null for a model that has none. */
export function ownBytes(model: string | null, kind: 'setup' | 'request_status'): { fPort: number; payloadHex: string } | null {
  if (model === null) return null
  const result = encode(model, kind === 'setup' ? { type: 'answer_every_downlink', on: true } : { type: 'request_status' })
  return result.ok ? { fPort: result.fPort, payloadHex: Buffer.from(result.bytes).toString('hex') } : null
}

/** An open command as a workflow that knows nothing takes it up again: a sent one is looked up, a queued one goes on (WF-003). */
export function resumeCommand(row: CommandRow, model: string | null): Command {
  const isSent = row.status === 'sent'
  const isOwn = row.command === 'setup' || row.command === 'request_status'
  return {
    commandId: row.commandId,
    kind: isOwn ? row.command : 'display',
    version: row.wantedVersion ?? 0,
    rank: classOfPriority(row.priority),
    attemptNo: row.attempts,
    phase: isSent ? 'sent' : 'queued',
    notBefore: row.nextAttemptAt ?? 0,
    waitingFor: null,
    stalls: 0,
    look: lookOfPayload(model, row.payload, row.fPort),
    queueItemId: row.queueItemId,
    sentAt: row.sentAt,
    expiresAt: row.expiresAt,
    lookAgainAt: isSent ? row.sentAt : null,
    flushes: null,
    repeat: 'none',
  }
}
