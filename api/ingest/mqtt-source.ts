/** The broker as a source of messages: shared-subscription members with stable ids that come back by themselves (LW-070, Q-TRP-41 to Q-TRP-48). */
import type { Logger } from '#runtime/logger'
import { openMember, type Ending, type Member, type OnMessage } from './mqtt-member'

/** What the listener needs of a broker; another client library may stand behind it. */
export interface UplinkSource {
  /**
   * `onMessage` resolves once the message is committed: only then is it acknowledged. A rejection means that it must come again.
   * Resolves when every connection was subscribed for the first time, however long the broker is away.
   */
  start(onMessage: OnMessage): Promise<void>
  /** Finishes the messages in hand and leaves; the broker keeps the sessions and queues (Q-TRP-45). */
  stop(): Promise<void>
  readonly isConnected: () => boolean
}

export interface MqttSourceOptions {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly ca?: Buffer | undefined
  readonly clientIdPrefix: string
  /** Members of this replica; their ids are `prefix-n` with n = ordinal × connections + index. */
  readonly connections: number
  readonly ordinal: number
  /** `''` = plain subscription, for brokers that cannot share: one connection, one replica. */
  readonly sharedGroup: string
  readonly topic: string
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly now: () => number
  /** Resolves when messages can be taken, e.g. when the database answers; awaited before every connection. */
  readonly ready: () => Promise<void>
  /** The source cannot go on: the process must stop and say why. */
  readonly onFatal: (reason: string) => void
  /** The number of members that are subscribed has changed. */
  readonly onConnections?: (count: number) => void
}

const RECONNECT_MS = 1_000
const RECONNECT_SPREAD = 0.2
/** With no message for this long the broker may have forgotten the subscription (LW-072). */
const SILENCE_MS = 10 * 60_000
const SILENCE_CHECK_MS = 60_000
/** A broker that does not say "session taken over" only closes: so many lives in a row, each ended so soon after its subscription, say it too. */
const SHORT_LIFE_MS = 5_000
const SHORT_LIVES = 5
/** Endings that would repeat for ever: somebody has to act. */
const FATAL: readonly Ending['kind'][] = ['taken_over', 'subscription_refused']

export function createMqttSource(options: MqttSourceOptions): UplinkSource {
  const isShared = options.sharedGroup !== ''
  const count = isShared ? options.connections : 1
  const pool = createMemberPool(options)
  const silence = watchSilence(options, pool.members)
  return {
    start(onMessage) {
      if (!isShared) options.log.warn({ topic: options.topic }, 'plain subscription: one connection, and only one listener may run')
      silence.start()
      const take = silence.heard(onMessage)
      const indexes = Array.from({ length: count }, (_, index) => index)
      for (const index of indexes) void runMember(pool, index, take)
      return Promise.race([pool.allSubscribed(count).then(() => tellBegun(pool, count)), pool.stopping.stopped])
    },
    async stop() {
      pool.stopping.stop()
      silence.stop()
      await Promise.all([...pool.members.values()].map((member) => member.close()))
    },
    isConnected: () => pool.members.size === count && [...pool.members.values()].every((member) => member.isSubscribed()),
  }
}

interface MemberPool {
  readonly options: MqttSourceOptions
  readonly members: Map<number, Member>
  readonly stopping: StopSignal
  /** True for the member's first subscription of this process; new sessions are then told once for all. */
  readonly noteSubscribed: (index: number, isSessionPresent: boolean) => boolean
  /** Members that found no session of theirs at the broker: what was sent while they were gone is lost. */
  readonly newSessions: () => number
  /** Resolves when `count` members were subscribed at some time. */
  readonly allSubscribed: (count: number) => Promise<void>
}

function createMemberPool(options: MqttSourceOptions): MemberPool {
  const begun = new Set<number>()
  let newSessions = 0
  let tell: () => void = () => undefined
  return {
    options,
    members: new Map(),
    stopping: createStopSignal(),
    noteSubscribed(index, isSessionPresent) {
      const isFirst = !begun.has(index)
      if (isFirst && !isSessionPresent) newSessions += 1
      begun.add(index)
      tell()
      return isFirst
    },
    newSessions: () => newSessions,
    allSubscribed: (count) =>
      new Promise((resolve) => {
        tell = () => begun.size >= count && resolve()
        tell()
      }),
  }
}

/** One member, connection after connection, until the source stops or cannot go on. */
async function runMember(pool: MemberPool, index: number, onMessage: OnMessage): Promise<void> {
  const { options, members, stopping } = pool
  let shortLives = 0
  for (;;) {
    await Promise.race([options.ready(), stopping.stopped])
    if (stopping.isStopped()) return
    const { ending, wasShort } = await liveOnce(pool, index, onMessage)
    shortLives = wasShort ? shortLives + 1 : 0
    members.delete(index)
    tellConnections(options, members)
    if (stopping.isStopped()) return
    if (FATAL.includes(ending.kind)) return options.onFatal(`${clientId(options, index)}: ${ending.detail}`)
    if (shortLives >= SHORT_LIVES) return options.onFatal(`${clientId(options, index)}: another listener seems to use the same client id`)
    if (ending.kind === 'message_refused') dropAll(members)
    await Promise.race([pause(), stopping.stopped])
  }
}

interface Life {
  readonly ending: Ending
  /** It was lost as soon as it was subscribed. */
  readonly wasShort: boolean
}

async function liveOnce({ options, members, noteSubscribed }: MemberPool, index: number, onMessage: OnMessage): Promise<Life> {
  const id = clientId(options, index)
  const member = openMember({ ...options, clientId: id, topicFilter: topicFilter(options) }, onMessage)
  let subscribedAt: number | null = null
  members.set(index, member)
  void member.subscribed.then(
    ({ isSessionPresent }) => {
      subscribedAt = options.now()
      const isFirst = noteSubscribed(index, isSessionPresent)
      tellConnections(options, members)
      if (!isSessionPresent && !isFirst) options.log.warn({ client_id: id }, 'the broker lost the session: messages may be missing')
    },
    (error: Error) => options.log.warn({ client_id: id, reason: error.message }, 'no broker connection'),
  )
  const ending = await member.ended
  const wasShort = ending.kind === 'lost' && subscribedAt !== null && options.now() - subscribedAt < SHORT_LIFE_MS
  return { ending, wasShort }
}

const clientId = ({ clientIdPrefix, ordinal, connections }: MqttSourceOptions, index: number) =>
  `${clientIdPrefix}-${ordinal * connections + index}`

const topicFilter = ({ sharedGroup, topic }: MqttSourceOptions) => (sharedGroup === '' ? topic : `$share/${sharedGroup}/${topic}`)

function tellBegun({ options, newSessions }: MemberPool, connections: number): void {
  options.log.info({ connections, new_sessions: newSessions() }, 'subscribed to the broker')
}

function tellConnections(options: MqttSourceOptions, members: ReadonlyMap<number, Member>): void {
  options.onConnections?.([...members.values()].filter((member) => member.isSubscribed()).length)
}

/** What one commit could not take, no other will: every member waits for `ready` before it asks for messages again. */
function dropAll(members: ReadonlyMap<number, Member>): void {
  for (const member of members.values()) member.drop({ kind: 'message_refused', detail: 'messages cannot be taken now' })
}

type StopSignal = ReturnType<typeof createStopSignal>

function createStopSignal() {
  let isStopped = false
  let release: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => (release = resolve))
  return {
    stopped,
    isStopped: () => isStopped,
    stop() {
      isStopped = true
      release()
    },
  }
}

const pause = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, RECONNECT_MS * (1 + RECONNECT_SPREAD * (2 * Math.random() - 1))).unref()
  })

function watchSilence({ now, log }: MqttSourceOptions, members: ReadonlyMap<number, Member>) {
  let lastHeardAt = now()
  let timer: NodeJS.Timeout | undefined
  function check(): void {
    if (now() - lastHeardAt < SILENCE_MS) return
    lastHeardAt = now()
    log.warn({ silent_seconds: SILENCE_MS / 1_000 }, 'no message from the broker: subscribing again')
    for (const member of members.values()) {
      member.resubscribe().catch((error: Error) => member.drop({ kind: 'lost', detail: error.message }))
    }
  }
  return {
    start: () => void (timer = setInterval(check, SILENCE_CHECK_MS).unref()),
    stop: () => clearInterval(timer),
    heard:
      (onMessage: OnMessage): OnMessage =>
      (message) => {
        lastHeardAt = now()
        return onMessage(message)
      },
  }
}
