/** The bundle's entry: the workflow types and nothing else. */
export { displayDelivery } from './display-delivery/workflow'
export { displayReconcile } from './display-reconcile/workflow'
export { gatewayWatch } from './gateway-watch/workflow'
export { minuteSweep } from './minute-sweep/workflow'
export { outboxRelay } from './outbox-relay/workflow'
export { spaceOccupancy } from './space-occupancy/workflow'
