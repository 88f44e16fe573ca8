/** The metrics of one process: declared once, present from the first scrape, labels bounded (OPS-170 to OPS-172, H-62). */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { BuildVersion } from './version'

const FAST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const LIGHT_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 8, 10, 15, 30, 60, 300]

export type Metrics = ReturnType<typeof createMetrics>

export interface MetricsOptions {
  readonly role: 'api' | 'listener' | 'worker'
  readonly version: BuildVersion
}

export function createMetrics({ role, version }: MetricsOptions) {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers: [registry] })
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name, help, labelNames: [...labelNames], registers: [registry] })
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets = FAST_SECONDS) =>
    new Histogram<L>({ name, help, labelNames: [...labelNames], buckets, registers: [registry] })

  gauge('build_info', 'What this process is', ['version', 'build', 'commit']).set(
    { version: version.version, build: version.buildNumber, commit: version.commit },
    1,
  )
  return {
    registry,
    text: () => registry.metrics(),
    ...httpMetrics(counter, gauge, histogram),
    ...dataMetrics(counter, gauge, histogram),
    ...ingestMetrics(counter, gauge, histogram),
    ...lightMetrics(counter, gauge, histogram),
    ...feedMetrics(counter, gauge, histogram),
  }
}

type MakeCounter = <L extends string>(name: string, help: string, labelNames?: readonly L[]) => Counter<L>
type MakeGauge = <L extends string>(name: string, help: string, labelNames?: readonly L[]) => Gauge<L>
type MakeHistogram = <L extends string>(name: string, help: string, labelNames?: readonly L[], buckets?: number[]) => Histogram<L>

function httpMetrics(counter: MakeCounter, gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    httpRequests: counter('http_requests_total', 'Requests answered', ['method', 'endpoint', 'status']),
    httpDuration: histogram('http_request_duration_seconds', 'Time to answer a request', ['method', 'endpoint']),
    httpInFlight: gauge('http_requests_in_flight', 'Requests being answered'),
    rateLimitRejections: counter('rate_limit_rejections_total', 'Requests refused by a budget', ['scope', 'endpoint']),
    authFailures: counter('auth_failures_total', 'Refused credentials', ['reason']),
  }
}

function dataMetrics(counter: MakeCounter, gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    poolSize: gauge('db_connection_pool_size', 'Connections of the pool', ['state']),
    queryDuration: histogram('db_query_duration_seconds', 'Time of a unit of work', ['operation']),
    databaseErrors: counter('db_errors_total', 'Failed units of work', ['kind']),
    redisUp: gauge('redis_up', 'Whether Redis answers'),
    redisErrors: counter('redis_errors_total', 'Failed Redis commands'),
    temporalUp: gauge('temporal_up', 'Whether Temporal answers'),
    workflowSignals: counter('workflow_signals_total', 'Signals sent to workflows', ['type', 'result']),
    cacheRequests: counter('cache_requests_total', 'Look-ups of a cache', ['cache', 'result']),
  }
}

function ingestMetrics(counter: MakeCounter, gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    uplinks: counter('uplink_requests_total', 'Uplinks by what became of them', ['source', 'result']),
    uplinkDuration: histogram('uplink_processing_duration_seconds', 'Receipt to commit of an uplink'),
    uplinkToState: histogram('uplink_to_state_seconds', 'Receipt of an uplink to the projected state'),
    batchSize: histogram('ingest_batch_size', 'Messages per committed batch', [], BATCH_SIZES),
    ingestLag: gauge('ingest_lag_seconds', 'Age of the newest message when it was committed'),
    counterGaps: counter('uplink_counter_gaps_total', 'Frames that were never heard, by counter gaps'),
    mqttConnected: gauge('mqtt_connected', 'Broker connections that are up'),
    mqttDropped: counter('mqtt_dropped_messages_total', 'Messages that the broker dropped'),
    transitions: counter('space_state_transitions_total', 'Transitions of spaces', ['from_state', 'to_state', 'source']),
    decideDuration: histogram('decide_duration_seconds', 'Time of one decision', [], [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.01]),
    outboxDepth: gauge('outbox_depth', 'Outbox rows that wait'),
    outboxLag: gauge('outbox_lag_seconds', 'Age of the oldest outbox row'),
  }
}

function lightMetrics(counter: MakeCounter, gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    downlinkCommands: counter('downlink_commands_total', 'Commands by how they ended', ['result']),
    downlinkLatency: histogram('downlink_latency_seconds', 'Time of a command to each stage', ['stage'], LIGHT_SECONDS),
    downlinkRetries: counter('downlink_retries_total', 'Attempts that were lost', ['reason']),
    downlinkRateLimited: counter('downlink_rate_limited_total', 'Commands that waited for a budget', ['limit']),
    chirpstackUp: gauge('chirpstack_up', 'Whether the network server answers'),
    chirpstackDuration: histogram('chirpstack_api_duration_seconds', 'Time of a network server call', ['operation']),
    chirpstackErrors: counter('chirpstack_api_errors_total', 'Failed network server calls', ['operation', 'code']),
  }
}

function feedMetrics(counter: MakeCounter, gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    wsConnections: gauge('ws_connections', 'Open sockets'),
    wsMessages: counter('ws_messages_total', 'Frames sent', ['channel']),
    wsDropped: counter('ws_dropped_total', 'Sockets closed by the server', ['reason']),
    wsDelivery: histogram('ws_delivery_seconds', 'Event made to frame sent'),
  }
}
