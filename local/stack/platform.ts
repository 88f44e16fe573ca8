/** The whole platform on one machine: services, set-up, programs, until it is told to stop (OPS-003 to OPS-006). */
import { isPortFree } from '../ports'
import { EXIT, LocalError } from '../errors'
import type { Interruption } from '../interruption'
import { writeRunFile, type RunRecord } from '../run-file'
import { endStaleChildren } from '../stale-children'
import { LOOPBACK } from '../services/service'
import { waitFor } from '../wait-for'
import { readVariable } from '../variables'
import type { Claim } from '../run-file'
import { resolveEndpoints } from './endpoints'
import { listServices } from './list-services'
import type { Wanted } from './obtain'
import type { Front, ProductInput } from './product-environment'
import { programLaunches, type ProgramOptions } from './programs'
import { setUp } from './set-up'
import type { ServiceStack } from './service-stack'

const READY_TIMEOUT_MS = 120_000

/** A service that the environment names is not started. Temporal needs a PostgreSQL of ours, whatever the product uses. */
export function wantedServices(env: NodeJS.ProcessEnv): Wanted {
  const temporal = !readVariable(env, 'TEMPORAL_ADDRESS')
  return {
    postgres: !readVariable(env, 'DATABASE_URL') || temporal,
    redis: !readVariable(env, 'REDIS_URL'),
    mqtt: !readVariable(env, 'MQTT_URL'),
    temporal,
  }
}

/** Ends what a killed supervisor left, then makes sure that the front port is free: it never moves (OPS § 2). */
export async function clearTheWay(claim: Extract<Claim, { claimed: true }>, front: Front, say: (line: string) => void): Promise<void> {
  const ended = await endStaleChildren(claim.stale?.processes ?? [])
  if (ended.length > 0) say(`ended what an earlier start left: ${ended.join(', ')}`)
  if (await isPortFree(front.port, front.host)) return
  throw new LocalError(`port ${front.port} of ${front.host} is taken; free it or set PORT`, EXIT.frontPortTaken)
}

export interface PlatformRun {
  readonly stack: ServiceStack
  readonly front: Front
  readonly interruption: Interruption
  readonly options: ProgramOptions & { readonly servicesOnly: boolean }
  readonly record: RunRecord
}

/** Sets up and starts the programs; resolves with the record when each answers `GET /health/ready` with 200. */
export async function startPrograms(run: PlatformRun): Promise<RunRecord> {
  const { stack, front, options } = run
  const { context, supervisor } = stack
  const endpoints = await resolveEndpoints(stack.services, context)
  const input: ProductInput = {
    env: context.env,
    endpoints,
    secrets: context.secrets,
    ports: context.ports,
    front,
    dataPath: context.data.path,
  }
  await setUp(input, context)
  if (!options.servicesOnly) {
    for (const launch of programLaunches(input, context, options)) supervisor.run(launch)
    await waitUntilReady(run)
  }
  const services = listServices(stack.services, endpoints)
  const record: RunRecord = { ...run.record, state: 'ready', services, endpoints, processes: supervisor.children() }
  writeRunFile(context.data.runFile, record)
  return record
}

/** The api last in people's eyes: an uplink or a booking right after *ready* must find everyone at work. */
function readyUrls({ context: { ports } }: ServiceStack, front: Front): [string, string][] {
  return [
    ['the worker', `http://${LOOPBACK}:${ports.workerHealth}/health/ready`],
    ['the listener', `http://${LOOPBACK}:${ports.listenerHealth}/health/ready`],
    ['the api', `http://${front.host}:${front.port}/health/ready`],
  ]
}

async function waitUntilReady({ stack, front, interruption }: PlatformRun): Promise<void> {
  const over = new AbortController() // ends the polling when the supervisor has given up
  const signal = AbortSignal.any([interruption.signal, over.signal])
  const ready = readyUrls(stack, front).map(([what, url]) => {
    const isReady = async (): Promise<boolean> => (await fetch(url)).ok
    return waitFor(isReady, { what, timeoutMs: READY_TIMEOUT_MS, signal })
  })
  try {
    await Promise.race([Promise.all(ready), failWhenGivenUp(stack)])
  } finally {
    over.abort()
  }
}

/** Never resolves; throws with the child's last lines when the supervisor has given up (OPS-004). */
export async function failWhenGivenUp({ supervisor }: ServiceStack): Promise<never> {
  const { name, reason, ends, lastLines } = await supervisor.gaveUp
  const times = ends === 1 ? 'once' : `${ends} times`
  throw new LocalError([`${name} ended ${times} (${reason}) and is not started again; its last lines:`, ...lastLines].join('\n'))
}
