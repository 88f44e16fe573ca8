/** How each workflow type is started: id, queue, input, what the Temporal UI shows of it (WF-001, WF-006). */
import type { WorkflowStartOptions } from '@temporalio/client'
import type { Workflow } from '@temporalio/common'
import {
  displayWorkflowId,
  gatewayWatchWorkflowId,
  MINUTE_SWEEP_WORKFLOW_ID,
  OUTBOX_RELAY_WORKFLOW_ID,
  spaceWorkflowId,
} from '#domain/shared/workflow-ids'
import type { DisplayDeliveryInput } from '#workflows/display-delivery/messages'
import type { GatewayWatchInput } from '#workflows/gateway-watch/messages'
import type { SpaceOccupancyInput } from '#workflows/space-occupancy/messages'
import { searchAttributesOf } from './search-attributes'
import { TASK_QUEUES } from './task-queues'

/** An open run is used, a closed id may be used again (WF-003). */
const ENTITY = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const

export interface Start {
  readonly type: string
  readonly options: WorkflowStartOptions<Workflow> & { readonly workflowIdConflictPolicy: 'USE_EXISTING' }
}

/** The SDK types inputs by the workflow function; here its type name stands for it, and the input's type is checked by each maker. */
const start = (type: string, options: Omit<Start['options'], 'args' | 'workflowIdConflictPolicy'>, ...args: unknown[]): Start => ({
  type,
  options: { ...options, ...ENTITY, args },
})

/** `code` is what people call the bay; without it the id stands in the summary. */
export function spaceStart({ tenantId, siteId, spaceId, code }: SpaceOccupancyInput & { readonly code?: string }): Start {
  const input: SpaceOccupancyInput = { tenantId, siteId, spaceId }
  return start(
    'spaceOccupancy',
    {
      workflowId: spaceWorkflowId(tenantId, spaceId),
      taskQueue: TASK_QUEUES.core,
      typedSearchAttributes: searchAttributesOf({ tenantId, siteId, spaceId }),
      staticSummary: `Bay ${code ?? spaceId}`,
    },
    input,
  )
}

export interface DisplayPlace {
  readonly tenantId: string
  readonly deviceId: string
  readonly spaceId?: string
  readonly code?: string
}

export function displayStart({ tenantId, deviceId, spaceId, code }: DisplayPlace): Start {
  const input: DisplayDeliveryInput = { tenantId, deviceId }
  return start(
    'displayDelivery',
    {
      workflowId: displayWorkflowId(tenantId, deviceId),
      taskQueue: TASK_QUEUES.delivery,
      typedSearchAttributes: searchAttributesOf({ tenantId, deviceId, ...(spaceId === undefined ? {} : { spaceId }) }),
      staticSummary: code === undefined ? `Light ${deviceId}` : `Light of ${code}`,
    },
    input,
  )
}

/** The loops that always run; starting a running one changes nothing (WF-301…303). */
export function loopStarts(links: readonly GatewayWatchInput[]): Start[] {
  const taskQueue = TASK_QUEUES.ops
  return [
    start('minuteSweep', { workflowId: MINUTE_SWEEP_WORKFLOW_ID, taskQueue, staticSummary: 'Minute sweep' }),
    start('outboxRelay', { workflowId: OUTBOX_RELAY_WORKFLOW_ID, taskQueue, staticSummary: 'Outbox relay' }),
    ...links.map((link) =>
      start(
        'gatewayWatch',
        {
          workflowId: gatewayWatchWorkflowId(link.linkId),
          taskQueue,
          typedSearchAttributes: searchAttributesOf({ tenantId: link.tenantId }),
          staticSummary: 'Gateway watch',
        },
        link,
      ),
    ),
  ]
}
