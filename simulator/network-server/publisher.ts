/** Sends events to the broker as ChirpStack does: each on its own, never retained, with the faults of the link (LW-152). */
import { createEventSink, type EventSink } from './event-sink'
import type { Simulation } from './simulation'

export type EventKind = 'up' | 'join' | 'ack' | 'txack' | 'log' | 'status' | 'location'

export interface OutgoingEvent {
  readonly kind: EventKind
  readonly devEui: string
  readonly applicationId: string
  readonly body: object
}

export interface Publisher {
  publish(event: OutgoingEvent): void
  /** Resolves when nothing published is unacknowledged. */
  idle(): Promise<void>
}

const DEFAULT_CUT_MS = 1_000

const topicOf = ({ applicationId, devEui, kind }: OutgoingEvent): string => `application/${applicationId}/device/${devEui}/event/${kind}`

export function createPublisher(simulation: Simulation, sink: EventSink = createEventSink()): Publisher {
  const { clock, draws, faults, journal } = simulation
  const outbox = createOutbox(simulation, sink)
  let lastEvent = 0

  function delayOf({ kind, devEui }: OutgoingEvent): number {
    const reorder = faults.strike('mqtt.reorder', { dev_eui: devEui, event: kind })
    return reorder ? draws.integer([devEui, 'reorder'], 0, reorder.max_delay_ms ?? 1_000) : 0
  }

  function publish(event: OutgoingEvent): void {
    const { kind, devEui, body } = event
    const subject = { dev_eui: devEui, event: kind }
    const number = ++lastEvent
    const isDropped = faults.strike('mqtt.drop', subject) !== null
    journal.add({ type: 'event', at: clock.now(), event: number, kind, devEui, body, fate: isDropped ? 'dropped' : 'published' })
    if (isDropped) return
    const cut = faults.strike('mqtt.disconnect', subject)
    if (cut) sink.disconnect(cut.ms ?? DEFAULT_CUT_MS)
    outbox.send(event, number, delayOf(event))
    const duplicate = faults.strike('mqtt.duplicate', subject)
    if (duplicate) outbox.send(event, number, duplicate.delay_ms ?? 1)
  }

  return { publish, idle: outbox.idle }
}

interface Outbox {
  send(event: OutgoingEvent, number: number, delayMs: number): void
  idle(): Promise<void>
}

/** Remembers what the broker has not acknowledged yet. */
function createOutbox({ clock, journal }: Simulation, sink: EventSink): Outbox {
  const unacknowledged = new Set<Promise<void>>()

  function sendNow(event: OutgoingEvent, number: number): void {
    const sent = sink
      .send(topicOf(event), JSON.stringify(event.body))
      .then(() => journal.add({ type: 'puback', at: clock.now(), event: number }))
      .catch(() => undefined) // the sink was closed: there is no PUBACK to record
      .finally(() => unacknowledged.delete(sent))
    unacknowledged.add(sent)
  }

  return {
    send: (event, number, delayMs) => {
      if (delayMs <= 0) sendNow(event, number)
      else clock.at(clock.now() + delayMs, () => sendNow(event, number))
    },
    idle: async () => {
      while (sink.isConnected() && unacknowledged.size > 0) await Promise.race([...unacknowledged])
    },
  }
}
