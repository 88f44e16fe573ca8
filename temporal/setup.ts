/** Makes a Temporal server ready for the product: namespace, retention, search attributes; a second run changes nothing (OPS-073). */
import type { Connection } from '@temporalio/client'
import { isGrpcServiceError } from '@temporalio/client'
import { temporal } from '@temporalio/proto'
import { SEARCH_ATTRIBUTES } from './search-attributes'

const RETENTION_SECONDS = 30 * 24 * 60 * 60
const ALREADY_EXISTS = 6
const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType

const isThere = (error: unknown) => isGrpcServiceError(error) && error.code === ALREADY_EXISTS

export interface SetupOptions {
  readonly namespace: string
  /** How long closed runs are kept; 30 days. */
  readonly retentionSeconds?: number
  /** How long to wait until the server knows its new namespace. */
  readonly timeoutMs?: number
}

export async function setUpTemporal(connection: Connection, options: SetupOptions): Promise<void> {
  await ensureNamespace(connection, options)
  await eventually(options.timeoutMs ?? 30_000, () => ensureSearchAttributes(connection, options.namespace))
}

async function ensureNamespace(
  { workflowService }: Connection,
  { namespace, retentionSeconds = RETENTION_SECONDS }: SetupOptions,
): Promise<void> {
  try {
    const workflowExecutionRetentionPeriod = { seconds: Number(retentionSeconds) as never } // the generated type wants a Long; the encoder takes numbers
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod })
  } catch (error) {
    if (!isThere(error)) throw error
  }
}

async function ensureSearchAttributes({ operatorService }: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace })
  const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => !(name in (customAttributes ?? {})))
  if (missing.length === 0) return
  const searchAttributes = Object.fromEntries(missing.map(({ name }) => [name, INDEXED_VALUE_TYPE_KEYWORD]))
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes })
  } catch (error) {
    if (!isThere(error)) throw error // another process was first
  }
}

/** A server needs a moment before every part of it knows a new namespace. */
async function eventually(timeoutMs: number, attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
