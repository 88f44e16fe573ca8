/** The gRPC door of the simulated network server: authorises, strikes with faults, calls the method, writes the journal. */
import { createServer, type Socket } from 'node:net'
import { Server, ServerCredentials, status, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import type { Message } from 'google-protobuf'
import type { FaultSwitch } from '../faults'
import type { Simulation } from '../simulation'
import { callerOf } from './caller'
import { GrpcError, internal } from './grpc-error'
import type { BoundService, Method } from './methods'

export interface GrpcServer {
  readonly port: number
  close(): Promise<void>
}

type Call = ServerUnaryCall<Message, Message>
type Reply = sendUnaryData<Message>

/** Listens on loopback; `port` 0 = any free one. */
export async function startGrpcServer(simulation: Simulation, services: readonly BoundService[], port: number): Promise<GrpcServer> {
  const server = new Server()
  const connections = createConnections()
  for (const { definition, methods } of services) {
    const handlers = Object.entries(methods).flatMap(([name, method]) => {
      const path = definition[name]?.path
      return method && path ? [[name, createHandler(simulation, { name: methodName(path), method, cut: connections.cut })]] : []
    })
    server.addService(definition, Object.fromEntries(handlers))
  }
  const listening = await connections.listen(server, port)
  return {
    port: listening,
    close: async () => {
      await connections.close()
      server.forceShutdown()
    },
  }
}

/** `/api.DeviceService/Enqueue` → `DeviceService/Enqueue`. */
const methodName = (path: string): string => path.replace(/^\/api\./, '')

interface Handled {
  readonly name: string
  readonly method: Method<unknown, unknown>
  readonly cut: (call: Call) => void
}

function createHandler(simulation: Simulation, { name, method, cut }: Handled): (call: Call, reply: Reply) => void {
  const { clock, faults } = simulation
  const answer = createAnswer(simulation, name, method)
  const afterwards = (ms: number, task: () => void): void => void clock.at(clock.now() + ms, task)
  const strike = (type: FaultSwitch['type'], call: Call) => faults.strike(type, { method: name, dev_eui: devEuiOf(call.request) })

  function work(call: Call, reply: Reply): void {
    const result = answer(call)
    if (strike('grpc.reply_lost', call)) return cut(call)
    if (result.error) reply(result.error)
    else reply(null, result.value)
  }

  return (call, reply) => {
    if (strike('grpc.reset', call)) return cut(call)
    const refusal = strike('grpc.status', call)
    if (refusal) return reply({ code: refusal.code ?? status.UNAVAILABLE, details: 'injected' })
    const hang = strike('grpc.hang', call)
    if (hang) return void (hang.ms === undefined || afterwards(hang.ms, () => cut(call)))
    const latency = strike('grpc.latency', call)
    if (latency) return afterwards(latency.ms ?? 0, () => work(call, reply))
    work(call, reply)
  }
}

type Answer =
  | { readonly error: { readonly code: number; readonly details: string }; readonly value?: never }
  | { readonly error?: never; readonly value: Message }

function createAnswer({ clock, journal, state }: Simulation, name: string, method: Method<unknown, unknown>): (call: Call) => Answer {
  const record = (call: Call, code: number, reply: unknown): void =>
    journal.add({ type: 'grpc', at: clock.now(), method: name, request: call.request.toObject(), code, reply })

  return (call) => {
    try {
      const value = method(call.request, callerOf(call.metadata, state.tokens)) as Message // the definition's response type
      record(call, status.OK, value.toObject())
      return { value }
    } catch (error) {
      const refusal = error instanceof GrpcError ? error : internal(`the simulator failed: ${String(error)}`)
      record(call, refusal.code, refusal.message)
      return { error: { code: refusal.code, details: refusal.message } }
    }
  }
}

/** The device that a request is about, wherever it names it; for narrowing faults. */
function devEuiOf(request: Message): string | undefined {
  const members: Record<string, unknown> = request.toObject()
  const nested = [members, ...Object.values(members)].find((value): value is { devEui: string } => typeof Object(value).devEui === 'string')
  return nested?.devEui.toLowerCase()
}

interface Connections {
  listen(server: Server, port: number): Promise<number>
  /** Cuts the TCP connection of a call: its client sees 14. */
  cut(call: Call): void
  close(): Promise<void>
}

/** Owns the sockets, so that a fault can cut one: the gRPC library has no way to. */
function createConnections(): Connections {
  const sockets = new Map<string, Socket>()
  const listener = createServer()
  return {
    listen: (server, port) => {
      const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
      listener.on('connection', (socket) => {
        const peer = `${socket.remoteAddress}:${socket.remotePort}`
        sockets.set(peer, socket)
        socket.on('close', () => sockets.delete(peer))
        socket.on('error', () => socket.destroy())
        injector.injectConnection(socket)
      })
      return new Promise((resolve, reject) => {
        listener.once('error', reject)
        listener.listen(port, '127.0.0.1', () => resolve(portOf(listener.address())))
      })
    },
    cut: (call) => sockets.get(call.getPeer())?.destroy(),
    close: () => {
      sockets.forEach((socket) => socket.destroy())
      return new Promise((resolve) => listener.close(() => resolve()))
    },
  }
}

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number =>
  typeof address === 'object' && address !== null ? address.port : 0
