/** The link to the broker: where events go and commands come from; or nowhere but the journal, in tests that need no broker. */

export interface EventSink {
  /** Resolves at the broker's acknowledgement; rejects when the link is closed for good. */
  send(topic: string, payload: string): Promise<void>
  /** Everything heard on the topics of commands and uplinks, own uplinks too. */
  onMessage(hear: (topic: string, payload: string) => void): void
  isConnected(): boolean
  /** Cuts the link; it comes back by itself after about `ms` of real time (`mqtt.disconnect`). */
  disconnect(ms: number): void
  close(): Promise<void>
}

/** Acknowledges at once and hears nothing. */
export const createEventSink = (): EventSink => ({
  send: () => Promise.resolve(),
  onMessage: () => undefined,
  isConnected: () => true,
  disconnect: () => undefined,
  close: () => Promise.resolve(),
})
