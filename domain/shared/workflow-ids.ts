/** Every workflow id of the product is built here and says what it is: `<kind>/<tenant>/<key>` (WF-001, H-32). */

export const spaceWorkflowId = (tenantId: string, spaceId: string): string => `space/${tenantId}/${spaceId}`
export const displayWorkflowId = (tenantId: string, deviceId: string): string => `display/${tenantId}/${deviceId}`
export const gatewayWatchWorkflowId = (linkId: string): string => `gateway-watch/${linkId}`
export const MINUTE_SWEEP_WORKFLOW_ID = 'sweep'
export const OUTBOX_RELAY_WORKFLOW_ID = 'outbox-relay'
export const DISPLAY_RECONCILE_WORKFLOW_ID = 'display-reconcile'
