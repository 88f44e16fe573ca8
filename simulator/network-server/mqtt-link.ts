/** The real link to the broker, as ChirpStack's MQTT integration makes it (LW-152). */
import { connect, type MqttClient } from 'mqtt'
import type { EventSink } from './event-sink'

const RECONNECT_MS = 500
const TOPICS = ['application/+/device/+/command/down', 'application/+/device/+/event/up']

export interface MqttLinkOptions {
  readonly url: string
  readonly clientId: string
  /** 0 shows what ChirpStack's own default loses. */
  readonly qos: 0 | 1
}

/** Resolves when connected and subscribed. */
export async function createMqttLink({ url, clientId, qos }: MqttLinkOptions): Promise<EventSink> {
  const client = connect(url, { clientId, clean: true, reconnectPeriod: RECONNECT_MS })
  await firstConnect(client)
  await client.subscribeAsync(TOPICS, { qos: 1 })
  return {
    send: async (topic, payload) => {
      await client.publishAsync(topic, payload, { qos })
    },
    onMessage: (hear) => {
      client.on('message', (topic, payload) => hear(topic, payload.toString('utf8')))
    },
    isConnected: () => client.connected,
    disconnect: (ms) => {
      client.options.reconnectPeriod = ms
      client.once('connect', () => {
        client.options.reconnectPeriod = RECONNECT_MS
      })
      client.stream.destroy()
    },
    close: () => client.endAsync(true),
  }
}

/** Keeps trying until the broker is there; later errors are what reconnecting is for. */
function firstConnect(client: MqttClient): Promise<void> {
  client.on('error', () => undefined)
  return new Promise((resolve) => client.once('connect', () => resolve()))
}
