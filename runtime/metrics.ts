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

interface Shape<L extends string> {
  readonly labels?: readonly L[]
  readonly buckets?: readonly number[]
}

/** Makes metrics of one registry; name and help are positional, the rest is a shape. */
function createMaker(registry: Registry) {
  const registers = [registry]
  return {
    counter: <L extends string>(name: string, help: string, { labels = [] }: Shape<L> = {}) =>
      new Counter<L>({ name, help, labelNames: [...labels], registers }),
    gauge: <L extends string>(name: string, help: string, { labels = [] }: Shape<L> = {}) =>
      new Gauge<L>({ name, help, labelNames: [...labels], registers }),
    histogram: <L extends string>(name: string, help: string, { labels = [], buckets = FAST_SECONDS }: Shape<L> = {}) =>
      new Histogram<L>({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
  }
}

type Maker = ReturnType<typeof createMaker>

export function createMetrics({ role, version }: MetricsOptions) {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const make = createMaker(registry)
  const { version: release, buildNumber: build, commit } = version
  make.gauge('build_info', 'What this process is', { labels: ['version', 'build', 'commit'] }).set({ version: release, build, commit }, 1)
  return {
    registry,
    text: () => registry.metrics(),
    ...httpMetrics(make),
    ...dataMetrics(make),
    ...ingestMetrics(make),
    ...lightMetrics(make),
    ...feedMetrics(make),
  }
}

function httpMetrics({ counter, gauge, histogram }: Maker) {
  return {
    httpRequests: counter('http_requests_total', 'Requests answered', { labels: ['method', 'endpoint', 'status'] }),
    httpDuration: histogram('http_request_duration_seconds', 'Time to answer a request', { labels: ['method', 'endpoint'] }),
    httpInFlight: gauge('http_requests_in_flight', 'Requests being answered'),
    rateLimitRejections: counter('rate_limit_rejections_total', 'Requests refused by a budget', { labels: ['scope', 'endpoint'] }),
    authFailures: counter('auth_failures_total', 'Refused credentials', { labels: ['reason'] }),
  }
}

function dataMetrics({ counter, gauge, histogram }: Maker) {
  return {
    poolSize: gauge('db_connection_pool_size', 'Connections of the pool', { labels: ['state'] }),
    queryDuration: histogram('db_query_duration_seconds', 'Time of a unit of work', { labels: ['operation'] }),
    databaseErrors: counter('db_errors_total', 'Failed units of work', { labels: ['kind'] }),
    redisUp: gauge('redis_up', 'Whether Redis answers'),
    redisErrors: counter('redis_errors_total', 'Failed Redis commands'),
    temporalUp: gauge('temporal_up', 'Whether Temporal answers'),
    workflowSignals: counter('workflow_signals_total', 'Signals sent to workflows', { labels: ['type', 'result'] }),
    cacheRequests: counter('cache_requests_total', 'Look-ups of a cache', { labels: ['cache', 'result'] }),
  }
}

function ingestMetrics({ counter, gauge, histogram }: Maker) {
  return {
    uplinks: counter('uplink_requests_total', 'Uplinks by what became of them', { labels: ['source', 'result'] }),
    uplinkDuration: histogram('uplink_processing_duration_seconds', 'Receipt to commit of an uplink'),
    uplinkToState: histogram('uplink_to_state_seconds', 'Receipt of an uplink to the projected state'),
    batchSize: histogram('ingest_batch_size', 'Messages per committed batch', { buckets: BATCH_SIZES }),
    ingestLag: gauge('ingest_lag_seconds', 'Age of the newest message when it was committed'),
    counterGaps: counter('uplink_counter_gaps_total', 'Frames that were never heard, by counter gaps'),
    mqttConnected: gauge('mqtt_connected', 'Broker connections that are up'),
    mqttDropped: counter('mqtt_dropped_messages_total', 'Messages that the broker dropped'),
    transitions: counter('space_state_transitions_total', 'Transitions of spaces', { labels: ['from_state', 'to_state', 'source'] }),
    decideDuration: histogram('decide_duration_seconds', 'Time of one decision', {
      buckets: [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.01],
    }),
    outboxDepth: gauge('outbox_depth', 'Outbox rows that wait'),
    outboxLag: gauge('outbox_lag_seconds', 'Age of the oldest outbox row'),
  }
}

function lightMetrics({ counter, gauge, histogram }: Maker) {
  return {
    downlinkCommands: counter('downlink_commands_total', 'Commands by how they ended', { labels: ['result'] }),
    downlinkLatency: histogram('downlink_latency_seconds', 'Time of a command to each stage', {
      labels: ['stage'],
      buckets: LIGHT_SECONDS,
    }),
    downlinkRetries: counter('downlink_retries_total', 'Attempts that were lost', { labels: ['reason'] }),
    downlinkRateLimited: counter('downlink_rate_limited_total', 'Commands that waited for a budget', { labels: ['limit'] }),
    chirpstackUp: gauge('chirpstack_up', 'Whether the network server answers'),
    chirpstackDuration: histogram('chirpstack_api_duration_seconds', 'Time of a network server call', { labels: ['operation'] }),
    chirpstackErrors: counter('chirpstack_api_errors_total', 'Failed network server calls', { labels: ['operation', 'code'] }),
  }
}

function feedMetrics({ counter, gauge, histogram }: Maker) {
  return {
    wsConnections: gauge('ws_connections', 'Open sockets'),
    wsMessages: counter('ws_messages_total', 'Frames sent', { labels: ['channel'] }),
    wsDropped: counter('ws_dropped_total', 'Sockets closed by the server', { labels: ['reason'] }),
    wsDelivery: histogram('ws_delivery_seconds', 'Event made to frame sent'),
  }
}
