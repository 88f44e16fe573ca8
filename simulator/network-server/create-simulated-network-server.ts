/** A ChirpStack v4 without hardware: real gRPC in, real MQTT out, simulated gateways, devices and radio (LW-150). */
import { assembleWorld, type SimulatedWorld, type WorldOptions } from './assemble'
import type { SimulationControl } from './control'
import { createEventSink } from './event-sink'
import { createApplicationService } from './grpc/applications'
import { createDeviceProfileService } from './grpc/device-profiles'
import { createDeviceService } from './grpc/devices'
import { createGatewayService } from './grpc/gateways'
import type { BoundService } from './grpc/methods'
import { createMulticastGroupService } from './grpc/multicast-groups'
import { startGrpcServer } from './grpc/server'
import { createInternalService, createTenantService } from './grpc/tenants'
import type { Journal } from './journal'
import { createMqttLink } from './mqtt-link'
import type { World } from './world'

export interface SimulatedNetworkServerOptions extends WorldOptions {
  /** 0 = any free port. */
  readonly grpcPort: number
  /** Null = no broker: events go to the journal only. */
  readonly mqttUrl: string | null
  /** 1 by default. */
  readonly mqttQos?: 0 | 1
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

/** Resolves when it can be called and is connected to the broker. */
export async function createSimulatedNetworkServer(options: SimulatedNetworkServerOptions): Promise<SimulatedNetworkServer> {
  const { seed, mqttUrl, mqttQos: qos = 1 } = options
  const sink = mqttUrl === null ? createEventSink() : await createMqttLink({ url: mqttUrl, clientId: `simulated-chirpstack-${seed}`, qos })
  const world = assembleWorld(options, sink)
  const server = await startGrpcServer(world.simulation, servicesOf(world), options.grpcPort)
  world.begin()
  return {
    url: `http://127.0.0.1:${server.port}`,
    tokens: tokensOf(options.world),
    control: world.control,
    journal: world.simulation.journal,
    hear: world.hear,
    close: async () => {
      world.simulation.clock.stop()
      await server.close()
      await sink.close()
    },
  }
}

const servicesOf = ({ simulation, downlinks, multicast, keysGiven }: SimulatedWorld): readonly BoundService[] => [
  createApplicationService(simulation),
  createTenantService(simulation),
  createInternalService(),
  createDeviceProfileService(simulation),
  createDeviceService(simulation, { downlinks, onKeys: keysGiven }),
  createGatewayService(simulation),
  createMulticastGroupService(simulation, multicast),
]

const tokensOf = ({ tokens }: World): SimulatedNetworkServer['tokens'] => ({
  admin: tokens.admin,
  tenant: tokens.tenants?.map(({ token }) => token) ?? [],
  readOnly: tokens.readOnly ?? null,
})
