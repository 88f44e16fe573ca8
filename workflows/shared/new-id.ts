/** Ids made inside a workflow, so that a repeated activity meets its own row (WF § 8.4). */
import { uuid4 } from '@temporalio/workflow'

const TIME_DIGITS = 12

/** A UUIDv7 of the workflow's own clock; its random part is the SDK's replayable one (D-21). */
export function newId(): string {
  const time = Date.now().toString(16).padStart(TIME_DIGITS, '0')
  const random = uuid4()
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`
}
