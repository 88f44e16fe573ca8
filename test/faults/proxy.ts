/** A TCP proxy that does to connections what networks do: delay, cut, black hole, half close, and cut after the request was written (Q-FLT-H1). */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export type ProxyMode =
  | { readonly kind: 'pass' }
  /** Both directions wait this long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Bytes are taken and go nowhere; the connection stays open. */
  | { readonly kind: 'black_hole' }
  /** Connections are refused by an immediate end. */
  | { readonly kind: 'refuse' }
  /** The whole request goes through; the first byte of the answer cuts both sides, and the client reads none of it. */
  | { readonly kind: 'cut_after_request' }
  /** The answer's direction is closed as soon as the client has written; its bytes still go through. */
  | { readonly kind: 'half_close' }

export interface Proxy {
  readonly port: number
  /** For connections from now on, and for what the open ones carry from now on. */
  setMode(mode: ProxyMode): void
  /** Ends every open connection at once. */
  cutAll(): void
  /** How many connections were taken so far. */
  readonly taken: () => number
  close(): Promise<void>
}

export interface ProxyTarget {
  readonly host: string
  readonly port: number
}

interface Pair {
  readonly client: Socket
  readonly upstream: Socket
}

const PASS: ProxyMode = { kind: 'pass' }

export async function startProxy(target: ProxyTarget): Promise<Proxy> {
  const pairs = new Set<Pair>()
  let mode = PASS
  let taken = 0

  const server = createServer((client) => {
    taken++
    if (mode.kind === 'refuse') return void client.destroy()
    const upstream = connect(target)
    const pair = { client, upstream }
    pairs.add(pair)
    carry(pair, () => mode)
    const end = () =>
      after(mode, () => {
        pairs.delete(pair)
        cut(pair)
      })
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
  })
  await listen(server)
  const cutAll = () => pairs.forEach(cut)
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP
    setMode: (next) => {
      mode = next
    },
    cutAll,
    taken: () => taken,
    close: () => {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

function cut({ client, upstream }: Pair): void {
  client.destroy()
  upstream.destroy()
}

/** Data, end and close all wait alike, so that a delay never changes their order. */
function after(mode: ProxyMode, act: () => void): void {
  if (mode.kind === 'delay') setTimeout(act, mode.ms)
  else act()
}

function carry(pair: Pair, mode: () => ProxyMode): void {
  const { client, upstream } = pair
  client.on('data', (chunk) => after(mode(), () => carryRequest(chunk, pair, mode())))
  upstream.on('data', (chunk) => after(mode(), () => carryAnswer(chunk, client, mode())))
  client.on('end', () => after(mode(), () => upstream.end()))
  upstream.on('end', () => after(mode(), () => client.end()))
}

function carryRequest(chunk: Buffer, { client, upstream }: Pair, { kind }: ProxyMode): void {
  if (kind === 'black_hole' || !upstream.writable) return
  upstream.write(chunk, () => {
    if (kind === 'half_close') client.end()
  })
}

function carryAnswer(chunk: Buffer, client: Socket, { kind }: ProxyMode): void {
  if (kind === 'black_hole') return
  if (kind === 'cut_after_request') return void client.destroy()
  if (client.writable) client.write(chunk)
}
