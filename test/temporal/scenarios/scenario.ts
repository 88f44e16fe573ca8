/** One recorded scenario of a workflow type (Q-WFE-02): what is played, on which time, and whose history is kept. */
import { createHash } from 'node:crypto'
import type { WorkflowKit } from '../workflow-kit'

export interface Scenario {
  /** Folder of the workflow type. */
  readonly workflow: string
  readonly name: string
  readonly time: 'real' | 'skipped'
  /** Plays it and names the run whose first run and successors are kept. */
  play(kit: WorkflowKit): Promise<{ readonly workflowId: string }>
}

/** The same id at every recording: histories carry no id that means anything. */
export function fixedId(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}

export const LONG_WAIT = { timeoutMs: 40_000 }
