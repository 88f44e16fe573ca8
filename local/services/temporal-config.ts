/** The Temporal server's configuration for one machine: four services in one process on the stack's own PostgreSQL (OPS-013). */
import type { Ports } from '../ports'
import { LOOPBACK } from './service'

export interface TemporalConfigInput {
  readonly ports: Ports
  /** `host:port` of PostgreSQL. */
  readonly database: string
  readonly password: string
  readonly dynamicConfigFile: string
  readonly shards: number
}

export const TEMPORAL_ROLE = 'temporal'
export const TEMPORAL_DATABASES = { default: 'temporal', visibility: 'temporal_visibility' } as const

/** JSON, which YAML readers take as it stands. Metrics and profiling are off because they are not configured. */
export function temporalConfig(input: TemporalConfigInput): string {
  const { ports } = input
  const config = {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: input.shards,
      datastores: {
        default: { sql: store(input, TEMPORAL_DATABASES.default, 20) },
        visibility: { sql: store(input, TEMPORAL_DATABASES.visibility, 5) },
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services: {
      frontend: service(ports.temporal, ports.temporalMembership),
      history: service(ports.temporalHistory, ports.temporalHistoryMembership),
      matching: service(ports.temporalMatching, ports.temporalMatchingMembership),
      worker: service(ports.temporalWorker, ports.temporalWorkerMembership),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `${LOOPBACK}:${ports.temporal}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: input.dynamicConfigFile, pollInterval: '60s' },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

export function temporalUiConfig(ports: Ports): string {
  const config = {
    temporalGrpcAddress: `${LOOPBACK}:${ports.temporal}`,
    host: LOOPBACK,
    port: ports.temporalUi,
    publicPath: '/temporal',
    enableUi: true,
    defaultNamespace: 'parking',
    disableNewsFetch: true, // nothing of this stack asks the outside
    notifyOnNewVersion: false,
    hideLogs: true,
    cors: { cookieInsecure: true, allowOrigins: [`http://${LOOPBACK}:${ports.temporalUi}`] },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

function service(grpcPort: number, membershipPort: number): unknown {
  return { rpc: { grpcPort, membershipPort, bindOnLocalHost: true } }
}

function store(input: TemporalConfigInput, databaseName: string, connections: number): unknown {
  return {
    pluginName: 'postgres12',
    databaseName,
    connectAddr: input.database,
    connectProtocol: 'tcp',
    user: TEMPORAL_ROLE,
    password: input.password,
    maxConns: connections,
    maxIdleConns: connections,
    maxConnLifetime: '1h',
  }
}
