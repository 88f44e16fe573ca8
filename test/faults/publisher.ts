/** Plays the network server's part at the broker and writes down what the broker acknowledged, nothing else (Q-FLT-H2). */
import { createHash } from 'node:crypto'
import mqtt, { type MqttClient } from 'mqtt'
import type { Journal } from './journal'
import type { Uplink } from './uplink'

export interface Publisher {
  /** Resolves when the broker has acknowledged, also across its restarts; the entry is on disk by then. */
  uplink(uplink: Uplink): Promise<void>
  /** Bytes as they stand. */
  poison(message: { readonly what: string; readonly topic: string; readonly bytes: Buffer }): Promise<void>
  /** A message that no oracle counts: its row looks for what became of it. */
  other(message: { readonly topic: string; readonly bytes: Buffer }): Promise<void>
  close(): Promise<void>
}

const RECONNECT_MS = 200
const QOS = 1

export async function openPublisher(url: string, journal: Journal): Promise<Publisher> {
  const client = await connectPatiently(url)
  return {
    async uplink({ topic, payload, ...frame }) {
      await client.publishAsync(topic, JSON.stringify(payload), { qos: QOS })
      journal.note({ kind: 'uplink', at: Date.now(), ...frame })
    },
    async poison({ what, topic, bytes }) {
      await client.publishAsync(topic, bytes, { qos: QOS })
      journal.note({ kind: 'poison', at: Date.now(), what, topic, sha256: createHash('sha256').update(bytes).digest('hex') })
    },
    other: async ({ topic, bytes }) => void (await client.publishAsync(topic, bytes, { qos: QOS })),
    close: () => client.endAsync(),
  }
}

/** Unacknowledged messages are kept and sent again by the client itself. */
function connectPatiently(url: string): Promise<MqttClient> {
  return mqtt.connectAsync(url, { clientId: `fault-publisher-${process.pid}`, clean: false, reconnectPeriod: RECONNECT_MS })
}
