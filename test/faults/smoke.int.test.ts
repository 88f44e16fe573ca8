/** The fault rows of the smoke, in one running product: each row strikes, and the same oracle judges it (Q-RUN-05). */
import { findFactFaults, findLightFindings, findOrderFaults } from './verdict'
import * as frames from './rows/frames'
import * as kills from './rows/kills'
import * as networkServer from './rows/network-server'
import * as orderly from './rows/orderly-stops'
import * as poison from './rows/poison'
import * as services from './rows/services'
import { openWorld, type FaultWorld } from './world'

const SEED = 20_261_124
/** Enough for every row's own bays and a crowd. */
const SENSORS = 44

type Row = readonly [name: string, strike: (world: FaultWorld) => Promise<void>]

/** In an order that gives every process a minute between its ends: five within one stop the stack (OPS-004). */
const ROWS: readonly Row[] = [
  ['Q-FLT-23: the same uplink five times by three gateways', frames.sameUplinkFiveTimes],
  ['Q-FLT-24: frames of a minute out of order', frames.outOfOrder],
  ['Q-FLT-24: a frame of the old session after a join', frames.oldSessionAfterJoin],
  ['Q-FLT-24: the counter wraps', frames.counterWraps],
  ['Q-FLT-26: poison is set aside with its reason', poison.poisonIsSetAside],
  ['Q-FLT-26: more than 256 KiB', poison.tooLargeIsRefusedByTheBroker],
  ['Q-FLT-26: frames that fit no codec', poison.unusableFramesAreKept],
  ['Q-FLT-26: an unknown device, and another tenant’s application', poison.strangersAreKeptApart],
  ['Q-FLT-27: one poison row in a good batch', poison.onePoisonRowInAGoodBatch],
  ['Q-FLT-18: an accepted command whose answer was lost', networkServer.enqueueAnswerLost],
  ['Q-FLT-01: listener killed in mid-batch', kills.listenerMidBatch],
  ['Q-FLT-02: api killed in mid-transaction', kills.apiMidTransaction],
  ['Q-FLT-02: the answer lost on the way', kills.answerLostOnTheWay],
  ['Q-FLT-03: worker killed in an activity', kills.workerInAnActivity],
  ['Q-FLT-01: listener killed between acknowledgement and projection', kills.listenerBeforeProjection],
  ['Q-FLT-05: PostgreSQL restarts, fast', (world) => services.databaseRestarts(world, 'SIGINT')],
  ['Q-FLT-05: PostgreSQL restarts, immediate', (world) => services.databaseRestarts(world, 'SIGQUIT')],
  ['Q-FLT-10: Redis emptied', services.redisEmptied],
  ['Q-FLT-10: Redis restarts', services.redisRestarts],
  ['Q-FLT-10: Redis hangs', services.redisHangs],
  ['Q-FLT-11: the broker restarts', services.brokerRestarts],
  ['Q-FLT-14: Temporal away for 20 s', services.temporalAway],
  ['Q-FLT-17: the network server away, hanging, cutting', networkServer.networkServerAway],
  ['Q-FLT-04: listener stops in order', orderly.listenerStops],
  ['Q-FLT-04: api stops in order', orderly.apiStops],
  ['Q-FLT-04: worker stops in order', orderly.workerStops],
]

describe('the fault smoke', () => {
  jest.setTimeout(120_000)
  let world: FaultWorld

  beforeAll(async () => {
    world = await openWorld({ seed: SEED, sensors: SENSORS, environment: { DRAIN_SECONDS: '1' } })
  }, 240_000)

  afterAll(async () => {
    expect(await world?.close()).toBe(0)
  })

  test.each(ROWS)('%s', async (name, strike) => {
    const begun = Date.now()
    await strike(world)
    const findings = await findFactFaults(world)
    process.stderr.write(`${((Date.now() - begun) / 1_000).toFixed(1)} s, ${findings.length} findings: ${name}\n`)
    expect(findings).toEqual([])
  })

  test('O5: every light shows what is wanted, by exactly the decided commands', async () => {
    expect(await findLightFindings(world)).toEqual([])
  })

  test('O4, O6, O8, O9: bookings, audit, workflows and hygiene after all of it', async () => {
    expect(await findOrderFaults(world)).toEqual([])
  })
})
