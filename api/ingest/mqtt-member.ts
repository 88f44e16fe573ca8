/**
 * One broker connection for one life: connect, subscribe, hand over one message at a time, acknowledge after it was taken (Q-TRP-40 to Q-TRP-46).
 * A connection is never reused: a late acknowledgement could otherwise name a message of the next session.
 */
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { RawMessage } from './parse-event'

export type OnMessage = (message: RawMessage) => Promise<void>

export interface MemberOptions {
  readonly url: string
  readonly clientId: string
  readonly topicFilter: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly ca?: Buffer | undefined
  readonly now: () => number
}

/** Why a connection ended. `taken_over` and `refused` do not get better by trying again. */
export interface Ending {
  readonly kind: 'stopped' | 'lost' | 'message_refused' | 'taken_over' | 'subscription_refused'
  readonly detail: string
}

export interface Member {
  /** Rejects when the connection ends before its subscription is granted. */
  readonly subscribed: Promise<{ readonly isSessionPresent: boolean }>
  readonly ended: Promise<Ending>
  readonly isSubscribed: () => boolean
  /** Asks the broker for the same subscription once more (LW-072). */
  resubscribe(): Promise<void>
  /** Lets the message in hand be taken and acknowledged, then disconnects; the session stays with the broker. */
  close(): Promise<void>
  /** Drops the connection at once; what was not acknowledged comes again. */
  drop(ending: Ending): void
}

const SESSION_EXPIRY_SECONDS = 24 * 60 * 60
const RECEIVE_MAXIMUM = 1_000
const KEEP_ALIVE_SECONDS = 60
const CONNECT_TIMEOUT_MS = 10_000
/** MQTT 5 reason code "session taken over". */
const TAKEN_OVER = 0x8e
const QOS = 1

function clientOptions(options: MemberOptions): IClientOptions {
  return {
    clientId: options.clientId,
    protocolVersion: 5,
    clean: false,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS, receiveMaximum: RECEIVE_MAXIMUM },
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  }
}

/** Opens the connection; everything after is told by the promises of the answer. */
export function openMember(options: MemberOptions, onMessage: OnMessage): Member {
  const client = connect(options.url, clientOptions(options))
  const life = createLife(client)
  const inHand = takeMessages(client, { onMessage, life, now: options.now })
  const subscribed = subscribeOnConnect(client, options.topicFilter, life)
  return {
    subscribed,
    ended: life.ended,
    isSubscribed: () => life.isSubscribed && client.connected,
    resubscribe: () => subscribe(client, options.topicFilter),
    async close() {
      await inHand.drain()
      life.end({ kind: 'stopped', detail: 'stopped' })
      await client.endAsync(!client.connected)
    },
    drop(ending) {
      life.end(ending)
      client.end(true)
    },
  }
}

interface Life {
  readonly ended: Promise<Ending>
  isSubscribed: boolean
  /** The first reason given counts. */
  end(ending: Ending): void
}

function createLife(client: MqttClient): Life {
  let lastError = 'connection closed'
  let settle: (ending: Ending) => void = () => undefined
  const life: Life = {
    ended: new Promise((resolve) => (settle = resolve)),
    isSubscribed: false,
    end: (ending) => settle(ending),
  }
  client.on('error', (error) => (lastError = error.message))
  client.on('disconnect', (packet) => {
    if (packet.reasonCode === TAKEN_OVER)
      life.end({ kind: 'taken_over', detail: 'the broker gave the session to another listener with the same client id' })
    else lastError = `the broker disconnected with reason ${packet.reasonCode ?? 0}`
  })
  client.on('close', () => {
    life.end({ kind: 'lost', detail: lastError })
    client.end(true)
  })
  return life
}

function subscribeOnConnect(client: MqttClient, topicFilter: string, life: Life): Promise<{ isSessionPresent: boolean }> {
  const subscribed = new Promise<{ isSessionPresent: boolean }>((resolve, reject) => {
    void life.ended.then((ending) => reject(new Error(ending.detail)))
    client.once('connect', ({ sessionPresent }) => {
      subscribe(client, topicFilter).then(
        () => {
          life.isSubscribed = true
          resolve({ isSessionPresent: sessionPresent })
        },
        (error: Error) => {
          life.end({ kind: 'subscription_refused', detail: error.message })
          client.end(true)
        },
      )
    })
  })
  subscribed.catch(() => undefined) // whoever waits for `ended` alone learns the same reason there
  return subscribed
}

/** A lower QoS than asked for would lose messages silently, so it counts as a refusal (Q-TRP-46). */
async function subscribe(client: MqttClient, topicFilter: string): Promise<void> {
  const granted = await client.subscribeAsync(topicFilter, { qos: QOS })
  const qos = granted[0]?.qos
  if (qos !== QOS) throw new Error(`the broker granted QoS ${qos ?? 'none'} for ${topicFilter}`)
}

interface MessageContext {
  readonly onMessage: OnMessage
  readonly life: Life
  readonly now: () => number
}

/** Calls back, and so acknowledges, only after `onMessage` resolved; a rejected message ends the connection unacknowledged (Q-TRP-42). */
function takeMessages(client: MqttClient, { onMessage, life, now }: MessageContext): { drain(): Promise<void> } {
  let inHand: Promise<void> = Promise.resolve()
  let isDraining = false
  client.handleMessage = ({ topic, payload }, acknowledge) => {
    if (isDraining) return
    inHand = onMessage({ topic: topic.toString(), payload: Buffer.from(payload), receivedAt: now() }).then(
      () => {
        if (client.connected) acknowledge()
      },
      (error: unknown) => {
        life.end({ kind: 'message_refused', detail: error instanceof Error ? error.message : 'the message was not taken' })
        client.end(true)
      },
    )
  }
  return {
    drain() {
      isDraining = true
      return inHand
    },
  }
}
