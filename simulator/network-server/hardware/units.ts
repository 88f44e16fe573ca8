/** All devices that stand in the simulated world, known to the network server or not. */
import type { Draws } from '../../draws'
import type { Simulation } from '../simulation'
import type { Uplinks } from '../uplinks'
import type { World, WorldDevice } from '../world'
import { createBaySensor } from './bay-sensor'
import { BAY_SENSOR_MODELS } from './bay-sensor-models'
import type { BehaviourFactory } from './behaviour'
import { createBusylight } from './busylight'
import { createHeltecLight } from './heltec-light'
import { createUnit, type Unit } from './unit'

const LAMPS: Readonly<Record<string, BehaviourFactory>> = { 'plenom-busylight': createBusylight, 'heltec-rgb': createHeltecLight }

/** Null for models that only send what they are made to. */
function behaviourOf(model: string): BehaviourFactory | null {
  const sensor = BAY_SENSOR_MODELS[model]
  return sensor ? createBaySensor(sensor) : (LAMPS[model] ?? null)
}

/** The key burnt into a unit: given, or always the same for its EUI under one seed. */
export const appKeyOf = ({ appKey, devEui }: WorldDevice, draws: Draws): string =>
  appKey?.toLowerCase() ?? draws.constantHex([devEui, 'appKey'], 16)

export interface Units {
  get(devEui: string): Unit | null
  all(): readonly Unit[]
  /** Puts a unit into the world, without power yet. */
  install(device: WorldDevice, appKey: string): Unit
  remove(devEui: string): void
}

export function createUnits(simulation: Simulation, world: World, uplinks: Uplinks): Units {
  const units = new Map<string, Unit>()
  return {
    get: (devEui) => units.get(devEui) ?? null,
    all: () => [...units.values()],
    install: (device, appKey) => {
      const unit = createUnit(simulation, { device, appKey, reach: reachOf(world, device), behave: behaviourOf(device.model), uplinks })
      units.set(device.devEui, unit)
      return unit
    },
    remove: (devEui) => void units.delete(devEui),
  }
}

/** Given, or the gateways of its site, or all of its tenant. */
function reachOf(world: World, { gatewayIds, siteKey, applicationId }: WorldDevice): readonly string[] {
  if (gatewayIds) return gatewayIds
  const tenantId = world.applications.find(({ id }) => id === applicationId)?.tenantId
  const own = world.gateways.filter((gateway) => gateway.tenantId === tenantId)
  const near = own.filter((gateway) => siteKey !== undefined && gateway.siteKey === siteKey)
  return (near.length > 0 ? near : own).map(({ gatewayId }) => gatewayId)
}
