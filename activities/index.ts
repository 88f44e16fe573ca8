/** Every effect that workflows may ask for, made from its dependencies; the worker registers them by task queue. */
import { toActivityFailure } from '#temporal/failures'
import type { DeliveryNetworkPort, DeliveryRowsPort } from '#workflows/display-delivery/port'
import type { ReconcilePort } from '#workflows/display-reconcile/port'
import type { GatewayNetworkPort, GatewayRowsPort } from '#workflows/gateway-watch/port'
import type { SweepPort } from '#workflows/minute-sweep/port'
import type { OutboxPort } from '#workflows/outbox-relay/port'
import type { SpacePort, SpaceTellPort } from '#workflows/space-occupancy/port'
import type { ActivityDeps } from './deps'
import { createEnqueue } from './downlink/enqueue'
import { createInspectQueue } from './downlink/inspect-queue'
import { createLoadWanted } from './downlink/load-wanted'
import { createOpenCommand } from './downlink/open-command'
import { createRecordOutcome } from './downlink/record-outcome'
import { createTakeBudget } from './downlink/take-budget'
import { createApplyGatewayStates, createReadGatewayStates } from './gateway/gateway-states'
import { createProjectServedSpaces, createTellDisplays } from './gateway/served-things'
import { createDrainOutbox } from './outbox/drain-outbox'
import { createReconcileDisplays } from './reconcile/reconcile-displays'
import { createProjectSpace } from './space/project-space'
import { createTellDisplay } from './space/tell-display'
import { createSweepDue } from './sweep/sweep-due'

type CoreActivities = SpacePort & SpaceTellPort
type NetworkActivities = DeliveryNetworkPort & GatewayNetworkPort
type OpsActivities = SweepPort & OutboxPort & GatewayRowsPort & ReconcilePort

export interface Activities {
  readonly core: CoreActivities
  readonly delivery: DeliveryRowsPort
  readonly network: NetworkActivities
  readonly ops: OpsActivities
}

export function createActivities(deps: ActivityDeps): Activities {
  return {
    core: translated({ projectSpace: createProjectSpace(deps), tellDisplay: createTellDisplay(deps) }),
    delivery: translated({
      loadWanted: createLoadWanted(deps),
      openCommand: createOpenCommand(deps),
      takeBudget: createTakeBudget(deps),
      recordOutcome: createRecordOutcome(deps),
    }),
    network: translated({
      enqueue: createEnqueue(deps),
      inspectQueue: createInspectQueue(deps),
      readGatewayStates: createReadGatewayStates(deps),
    }),
    ops: translated({
      sweepDue: createSweepDue(deps),
      drainOutbox: createDrainOutbox(deps),
      applyGatewayStates: createApplyGatewayStates(deps),
      projectServedSpaces: createProjectServedSpaces(deps),
      tellDisplays: createTellDisplays(deps),
      reconcileDisplays: createReconcileDisplays(deps),
    }),
  }
}

type Effect = (input: never) => Promise<unknown>

/** Every effect throws failures that name their code, and whether trying again is any use (WF-007). */
function translated<T extends Readonly<Record<keyof T, Effect>>>(effects: T): T {
  const wrap = (effect: Effect) => async (input: never) => {
    try {
      return await effect(input)
    } catch (error) {
      throw toActivityFailure(error)
    }
  }
  const wrapped = Object.entries<Effect>(effects).map(([name, effect]) => [name, wrap(effect)])
  return Object.fromEntries(wrapped) as T // same names, same signatures
}
