/** A socket client as a console is one: follows its bays, comes back when it is cut, fetches again, and remembers whether time ever ran backwards (O7). */
import { WebSocket } from 'ws'
import type { ApiClient } from '../harness/api-client'

export interface SocketWitness {
  /** Newest sequence of each space that the client knows. */
  readonly known: ReadonlyMap<string, number>
  readonly faults: readonly string[]
  readonly connects: () => number
  readonly isOpen: () => boolean
  close(): void
}

interface WitnessInput {
  readonly url: string
  readonly client: () => ApiClient
  readonly spaces: ReadonlySet<string>
}

interface Frame {
  readonly type: string
  readonly data?: { readonly space_id?: string; readonly sequence?: number }
}

interface FetchedSpace {
  readonly id: string
  readonly state_sequence: number
}

const RECONNECT_MS = 300
const CHANNEL = 'spaces'

export function openSocketWitness({ url, client, spaces }: WitnessInput): SocketWitness {
  const known = new Map<string, number>()
  const faults: string[] = []
  let connects = 0
  let socket: WebSocket | null = null
  let isClosed = false

  /** What is not above the last seen is ignored (API-864): events come at least once. */
  const learn = (spaceId: string, sequence: number): void => void known.set(spaceId, Math.max(known.get(spaceId) ?? -1, sequence))

  async function refetch(): Promise<void> {
    const before = new Map(known)
    for (let page = 1; ; page++) {
      const { status, body } = await client().get<{ items: FetchedSpace[]; pages: number }>(`/api/v6/spaces?page_size=100&page=${page}`)
      if (status !== 200) throw new Error(`the list answered ${status}`)
      for (const { id, state_sequence } of body.items.filter((space) => spaces.has(space.id))) {
        const told = before.get(id) ?? -1
        if (state_sequence < told) faults.push(`O7: space ${id} was told as ${told} and is fetched as ${state_sequence}`)
        learn(id, state_sequence)
      }
      if (page >= body.pages) return
    }
  }

  /** Follows first and fetches then, so that nothing falls between. */
  async function connect(): Promise<void> {
    const { status, body } = await client().send<{ ticket: string }>('POST /api/auth/ws-ticket')
    if (status >= 300) throw new Error(`no ticket: ${status}`)
    const next = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=${body.ticket}`)
    socket = next
    next.on('message', (data) => hear(next, JSON.parse(String(data)) as Frame))
    next.on('error', () => undefined) // told by `close`
    next.on('close', () => comeBack())
  }

  function hear(from: WebSocket, { type, data }: Frame): void {
    if (type === 'connected') from.send(JSON.stringify({ type: 'subscribe', channel: CHANNEL }))
    if (type === 'subscribed') connects++
    if (type === 'subscribed' || type === 'resync') refetch().catch(() => from.terminate())
    if (type === 'space:update' && data?.space_id !== undefined && spaces.has(data.space_id)) learn(data.space_id, data.sequence ?? 0)
  }

  function comeBack(): void {
    if (isClosed) return
    setTimeout(() => {
      if (!isClosed) connect().catch(comeBack)
    }, RECONNECT_MS)
  }

  connect().catch(comeBack)
  return {
    known,
    faults,
    connects: () => connects,
    isOpen: () => socket?.readyState === WebSocket.OPEN,
    close: () => {
      isClosed = true
      socket?.terminate()
    },
  }
}

/** O7: what the client knows equals the database. */
export function findStaleClient(
  witness: SocketWitness,
  bays: readonly { readonly spaceId: string; readonly sequence: number }[],
): string[] {
  const stale = bays.flatMap(({ spaceId, sequence }) => {
    const seen = witness.known.get(spaceId)
    return seen === sequence ? [] : [`O7: the socket client knows ${seen} of space ${spaceId}, the database ${sequence}`]
  })
  return [...witness.faults, ...stale]
}
