/** A real `ws` client that remembers what it heard and waits for what it expects, with a deadline. */
import { WebSocket, type ClientOptions } from 'ws'

const DEADLINE_MS = 5000

export type Frame = Readonly<Record<string, unknown>> & { readonly type?: string }

export class FeedClient {
  readonly frames: Frame[] = []
  readonly socket: WebSocket
  closedWith: number | null = null
  private readonly waiting = new Set<() => void>()

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options)
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()))
      this.wake()
    })
    this.socket.on('close', (code) => {
      this.closedWith = code
      this.wake()
    })
    this.socket.on('error', () => undefined) // a refused upgrade is told by `refusal`
  }

  /** The client, once it has been told `connected`. */
  static async connected(url: string, options?: ClientOptions): Promise<FeedClient> {
    const client = new FeedClient(url, options)
    await client.frame((frame) => frame.type === 'connected')
    return client
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The first frame so far or soon that fits. */
  frame(fits: (frame: Frame) => boolean): Promise<Frame> {
    return this.until(() => this.frames.find(fits), 'a frame')
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  async subscribe(channel: string): Promise<Frame> {
    this.say({ type: 'subscribe', channel })
    return this.frame((frame) => frame.type === 'subscribed' && frame['channel'] === channel)
  }

  close(): Promise<number> {
    this.socket.close()
    return this.closed()
  }

  closed(): Promise<number> {
    return this.until(() => this.closedWith ?? undefined, 'the close')
  }

  /** What `read` answers as soon as it answers something. */
  until<T>(read: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        const value = read()
        if (value === undefined) return
        this.waiting.delete(settle)
        clearTimeout(timer)
        resolve(value)
      }
      const timer = setTimeout(() => {
        this.waiting.delete(settle)
        reject(new Error(`${what} did not come; heard ${JSON.stringify(this.frames.slice(-5))}, closed ${this.closedWith}`))
      }, DEADLINE_MS)
      this.waiting.add(settle)
      settle()
    })
  }

  private wake(): void {
    for (const settle of [...this.waiting]) settle()
  }
}

/** Status and body of a refused upgrade. */
export function refusal(
  url: string,
  options: ClientOptions = {},
): Promise<{ status: number; contentType: string; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.on('error', () => undefined) // follows the refusal
    socket.on('open', () => reject(new Error('the upgrade was accepted')))
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString())
        resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body })
      })
    })
  })
}
