/** How the rest of the product speaks to workflows: signals that start what is not running, and updates that answer (WF-003, Q-TRP-05). */
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client'
import type { NudgeReason } from '#domain/display/light'
import { displayWorkflowId } from '#domain/shared/workflow-ids'
import type { LightReport, NetworkEvent, OutboxMessage } from '#domain/shared/outbox'
import { cancelCommand, networkEvent, nudge, reported, resend, want } from '#workflows/display-delivery/messages'
import { factsChanged, reproject, type ReprojectResult } from '#workflows/space-occupancy/messages'
import { toDomainError } from './failures'
import { displayStart, spaceStart, type DisplayPlace } from './starts'

export interface TemporalOptions {
  readonly address: string
  readonly namespace: string
  readonly apiKey?: string | undefined
  readonly tls?: boolean
}

export interface TemporalConnection {
  readonly client: Client
  readonly connection: Connection
  /** Resolves when the server answers; for health checks. */
  check(): Promise<unknown>
  close(): Promise<void>
}

/** Connects at first use, so that a process serves what it can while Temporal is away (OPS-163). */
export function connectTemporal({ address, namespace, apiKey, tls = false }: TemporalOptions): TemporalConnection {
  const connection = Connection.lazy({ address, tls, ...(apiKey === undefined ? {} : { apiKey }) })
  return {
    connection,
    client: new Client({ connection, namespace }),
    check: () => connection.workflowService.getSystemInfo({}),
    close: () => connection.close(),
  }
}

type SignalArgs = NetworkEvent | LightReport | { readonly version: number } | { readonly why: NudgeReason }
type DisplayRef = DisplayPlace

/** Longer than a busy server needs for one RPC, shorter than any caller waits. */
const SIGNAL_TIMEOUT_MS = 5_000
const UPDATE_TIMEOUT_MS = 10_000

const within = <T>(client: Client, timeoutMs: number, call: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + timeoutMs, call)

interface DisplaySignal {
  readonly signal: { readonly name: string }
  readonly payload: SignalArgs
}

function signalDisplay(client: Client, display: DisplayRef, { signal, payload }: DisplaySignal): Promise<unknown> {
  const { type, options } = displayStart(display)
  return within(client, SIGNAL_TIMEOUT_MS, () =>
    client.workflow.signalWithStart(type, { ...options, signal: signal.name, signalArgs: [payload] }),
  )
}

/** Tells the workflow that an outbox row names. Rejects when Temporal is away: the row then stays for the relay. */
export function createSignaller(client: Client): (message: OutboxMessage) => Promise<void> {
  return async (message) => {
    if (message.kind === 'space') {
      const { type, options } = spaceStart(message)
      const facts = { sequence: message.sequence, cause: message.cause }
      await within(client, SIGNAL_TIMEOUT_MS, () =>
        client.workflow.signalWithStart(type, { ...options, signal: factsChanged.name, signalArgs: [facts] }),
      )
      return
    }
    for (const said of inOrder(message)) await signalDisplay(client, message, said)
  }
}

/** Network time orders what the network said; the receiver ignores repeats by key. */
function inOrder({ networkEvents, reports }: Extract<OutboxMessage, { kind: 'display' }>) {
  const said = [
    ...networkEvents.map((payload) => ({ signal: networkEvent, payload })),
    ...reports.map((payload) => ({ signal: reported, payload })),
  ]
  return said.sort((one, other) => one.payload.at - other.payload.at)
}

export interface DisplayTeller {
  want(display: DisplayRef & { readonly version: number }): Promise<void>
  nudge(display: DisplayRef & { readonly why: NudgeReason }): Promise<void>
}

/** What activities tell a light's delivery; idempotent by the receiver (WF-009). */
export function createDisplayTeller(client: Client): DisplayTeller {
  return {
    async want({ version, ...display }) {
      await signalDisplay(client, display, { signal: want, payload: { version } })
    },
    async nudge({ why, ...display }) {
      await signalDisplay(client, display, { signal: nudge, payload: { why } })
    },
  }
}

export interface WorkflowCommands {
  /** Looks at the bay again now and answers with what it found. */
  reproject(space: { readonly tenantId: string; readonly siteId: string; readonly spaceId: string }): Promise<ReprojectResult>
  /** Sends the wanted display again; null when there is nothing to send. */
  resend(display: DisplayRef): Promise<{ commandId: string | null }>
  /** `downlink.not_cancellable` unless it is still queued. */
  cancelCommand(command: DisplayRef & { readonly commandId: string }): Promise<{ commandId: string; status: 'superseded' }>
}

/** People's commands, answered by the workflow; failures come back as the product's own codes (H-31). */
export function createWorkflowCommands(client: Client): WorkflowCommands {
  const answered = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await within(client, UPDATE_TIMEOUT_MS, call)
    } catch (error) {
      throw toDomainError(error)
    }
  }
  return {
    reproject: (space) =>
      answered(() => {
        const { type, options } = spaceStart(space)
        return client.workflow.executeUpdateWithStart(reproject, {
          args: [{}],
          startWorkflowOperation: new WithStartWorkflowOperation(type, options),
        })
      }),
    resend: (display) =>
      answered(() => {
        const { type, options } = displayStart(display)
        return client.workflow.executeUpdateWithStart(resend, {
          args: [{}],
          startWorkflowOperation: new WithStartWorkflowOperation(type, options),
        })
      }),
    cancelCommand: ({ commandId, tenantId, deviceId }) =>
      answered(() =>
        client.workflow.getHandle(displayWorkflowId(tenantId, deviceId)).executeUpdate(cancelCommand, { args: [{ commandId }] }),
      ),
  }
}
