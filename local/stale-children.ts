/** Ends what a killed supervisor left: only processes of the recorded pid *and* start time (OPS-005). */
import { endProcess } from './end-process'
import { isAlive } from './process-identity'
import type { ChildRecord } from './supervisor'

const STOP_TIMEOUT_MS = 8_000

/** Newest first, since the later need the earlier. Returns the names of those that were still there. */
export async function endStaleChildren(children: readonly ChildRecord[]): Promise<string[]> {
  const alive = [...children].reverse().filter(isAlive)
  for (const child of alive) await endProcess(child, { signal: child.stopSignal, timeoutMs: STOP_TIMEOUT_MS })
  return alive.map((child) => child.name)
}
