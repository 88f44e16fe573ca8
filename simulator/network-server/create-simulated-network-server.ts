/** A ChirpStack v4 without hardware: real gRPC in, real MQTT out, simulated gateways, devices and radio (LW-150). */
import { createRealClock, createVirtualClock } from '../clock'
import { createDraws } from '../draws'
import { createCommandsDown } from './commands-down'
import { createControl, type SimulationControl } from './control'
import { createDownlinks } from './downlinks'
import { createEventSink, type EventSink } from './event-sink'
import { createFaults } from './faults'
import { createForeignUplinks } from './foreign-uplinks'
import { createApplicationService } from './grpc/applications'
import { createDeviceProfileService } from './grpc/device-profiles'
import { createDeviceService } from './grpc/devices'
import { createGatewayService } from './grpc/gateways'
import { startGrpcServer } from './grpc/server'
import { createInternalService, createTenantService } from './grpc/tenants'
import { appKeyOf, createUnits, type Units } from './hardware/units'
import { createJournal, type Journal } from './journal'
import { createMqttLink } from './mqtt-link'
import { populate } from './populate'
import { createPublisher, type Publisher } from './publisher'
import { regionOf, type Region } from './region'
import type { Simulation } from './simulation'
import { createNetworkState } from './state'
import { createUplinks } from './uplinks'
import type { World, WorldDevice } from './world'

/** Units power up one after another within this time, so that joins do not collide. */
const POWER_UP_SPREAD_MS = 20_000
/** A virtual clock begins here unless told otherwise. */
const VIRTUAL_START = Date.UTC(2026, 6, 1, 6)

export interface SimulatedNetworkServerOptions {
  readonly seed: number
  /** 0 = any free port. */
  readonly grpcPort: number
  /** Null = no broker: events go to the journal only. */
  readonly mqttUrl: string | null
  /** 1 by default. */
  readonly mqttQos?: 0 | 1
  readonly clock: 'real' | 'virtual'
  /** Where a virtual clock begins, epoch ms. */
  readonly startAt?: number
  readonly region: Region['name']
  readonly world: World
  readonly compat?: Simulation['compat']
  /** Takes the journal beyond 100 000 entries. */
  readonly journalPath?: string
  readonly powerUpSpreadMs?: number
}

export interface SimulatedNetworkServer {
  /** For CHIRPSTACK_URL. */
  readonly url: string
  readonly tokens: { readonly admin: string; readonly tenant: readonly string[]; readonly readOnly: string | null }
  readonly control: SimulationControl
  readonly journal: Journal
  /** Hears a message as if it came from the broker. */
  readonly hear: (topic: string, payload: string) => void
  close(): Promise<void>
}

export async function createSimulatedNetworkServer(options: SimulatedNetworkServerOptions): Promise<SimulatedNetworkServer> {
  const { seed, mqttUrl, mqttQos: qos = 1, world } = options
  const virtualClock = options.clock === 'virtual' ? createVirtualClock(options.startAt ?? VIRTUAL_START) : null
  const simulation = createSimulation(options, virtualClock ?? createRealClock())
  populate(simulation, world)
  const sink = mqttUrl === null ? createEventSink() : await createMqttLink({ url: mqttUrl, clientId: `simulated-chirpstack-${seed}`, qos })
  const network = connectParts(simulation, world, sink)
  virtualClock?.settleBy(network.publisher.idle)
  const server = await startGrpcServer(simulation, network.services, options.grpcPort)
  powerUp(simulation, { units: network.units, world, spreadMs: options.powerUpSpreadMs ?? POWER_UP_SPREAD_MS })
  return {
    url: `http://127.0.0.1:${server.port}`,
    tokens: tokensOf(world),
    control: createControl(simulation, { units: network.units, virtualClock }),
    journal: simulation.journal,
    hear: network.hear,
    close: async () => {
      simulation.clock.stop()
      await server.close()
      await sink.close()
    },
  }
}

function createSimulation({ seed, region, compat, journalPath }: SimulatedNetworkServerOptions, clock: Simulation['clock']): Simulation {
  const draws = createDraws(seed)
  return {
    ...{ clock, draws, faults: createFaults({ clock, draws }), journal: createJournal(journalPath) },
    ...{ state: createNetworkState(), region: regionOf(region), compat: compat ?? '4.18' },
  }
}

/** Downlinks need the units' ears, units need the uplinks, uplinks need the downlinks: the circle is closed here. */
function connectParts(simulation: Simulation, world: World, sink: EventSink) {
  const publisher = createPublisher(simulation, sink)
  const downlinks = createDownlinks(simulation, { publisher, receiverOf: (devEui) => units.get(devEui) })
  const uplinks = createUplinks(simulation, { publisher: rememberOwn(publisher, (id) => foreign.sent(id)), downlinks })
  const units = createUnits(simulation, world, uplinks)
  const foreign = createForeignUplinks(simulation, units)
  const commandsDown = createCommandsDown(simulation, downlinks)
  const hear = (topic: string, payload: string): void => {
    commandsDown(topic, payload)
    foreign.hear(topic, payload)
  }
  sink.onMessage(hear)
  const services = [
    createApplicationService(simulation),
    createTenantService(simulation),
    createInternalService(),
    createDeviceProfileService(simulation),
    createDeviceService(simulation, { downlinks, onKeys: (devEui) => mountIfMissing(simulation, { units, world, devEui }) }),
    createGatewayService(simulation),
  ]
  return { publisher, units, services, hear }
}

/** Tells of every own uplink, which the broker will send back. */
const rememberOwn = (publisher: Publisher, remember: (deduplicationId: string) => void): Publisher => ({
  ...publisher,
  publish: (event) => {
    if (event.kind === 'up' && 'deduplicationId' in event.body) remember(String(event.body.deduplicationId))
    publisher.publish(event)
  },
})

interface Mounting {
  readonly units: Units
  readonly world: World
  readonly devEui: string
}

/** Somebody provisions an EUI that stands nowhere yet: a unit of the profile's model is put up, with that key. */
function mountIfMissing({ state }: Simulation, { units, world, devEui }: Mounting): void {
  const record = state.devices.get(devEui)
  const model = world.profiles.find(({ id }) => id === record?.message.getDeviceProfileId())?.model
  const appKey = record?.keys?.message.getNwkKey()
  if (!record || units.get(devEui) || model === undefined || appKey === undefined) return
  const { message } = record
  const applicationId = message.getApplicationId()
  const device: WorldDevice = { devEui, name: message.getName(), model, applicationId, profileId: message.getDeviceProfileId() }
  units.install(device, appKey).powerCycle()
}

interface PowerUp {
  readonly units: Units
  readonly world: World
  readonly spreadMs: number
}

function powerUp({ clock, draws }: Simulation, { units, world, spreadMs }: PowerUp): void {
  for (const device of world.devices) {
    const unit = units.install(device, appKeyOf(device, draws))
    const delayMs = Math.floor(draws.number(device.devEui, 'power up') * spreadMs)
    clock.at(clock.now() + delayMs, () => unit.powerCycle())
  }
}

const tokensOf = ({ tokens }: World): SimulatedNetworkServer['tokens'] => ({
  admin: tokens.admin,
  tenant: tokens.tenants?.map(({ token }) => token) ?? [],
  readOnly: tokens.readOnly ?? null,
})
