/** Where everything answers, whether it was started here or named by the environment (OPS § 2). */
import { LocalError } from '../errors'
import { mqttUrl } from '../services/mosquitto'
import { queryRows } from '../services/postgres'
import { LOOPBACK, type StartContext } from '../services/service'
import { readVariable } from '../variables'
import type { StartedServices } from './services'

export interface DatabaseEndpoints {
  /** A superuser's URL, for the roles; null when an external database is already made. */
  readonly adminUrl: string | null
  /** `parking_owner`: migrations and the demo. */
  readonly ownerUrl: string
  /** `parking_app`: what serves. */
  readonly appUrl: string
  readonly name: string
}

export interface Endpoints {
  readonly database: DatabaseEndpoints
  readonly redisUrl: string
  /** Without credentials; the listener's come apart. */
  readonly mqttUrl: string
  readonly mqttUsername: string | undefined
  readonly mqttPassword: string | undefined
  /** With the credentials of the network server. */
  readonly simulatorMqttUrl: string
  readonly temporalAddress: string
  readonly temporalUiUrl: string | null
  readonly chirpstackUrl: string
  readonly chirpstackApiToken: string | undefined
  /** Control routes of the simulated network server; null with a real one. */
  readonly simulatorControlPort: number | null
}

const DATABASE = 'parking'

export async function resolveEndpoints(services: StartedServices, context: StartContext): Promise<Endpoints> {
  const { env } = context
  return {
    database: await resolveDatabase(services, context),
    redisUrl: services.redis?.url ?? required(env, 'REDIS_URL'),
    ...resolveBroker(services, context),
    temporalAddress: services.temporal?.url ?? required(env, 'TEMPORAL_ADDRESS'),
    temporalUiUrl: services.temporalUi?.url ?? readVariable(env, 'TEMPORAL_UI_URL') ?? null,
    ...resolveNetworkServer(context),
  }
}

type NetworkServer = Pick<Endpoints, 'chirpstackUrl' | 'chirpstackApiToken' | 'simulatorControlPort'>

function resolveNetworkServer({ env, ports, secrets }: StartContext): NetworkServer {
  const url = readVariable(env, 'CHIRPSTACK_URL')
  if (url) return { chirpstackUrl: url, chirpstackApiToken: readVariable(env, 'CHIRPSTACK_API_TOKEN'), simulatorControlPort: null }
  return {
    chirpstackUrl: `http://${LOOPBACK}:${ports.networkServer}`,
    chirpstackApiToken: secrets.chirpstackApiToken,
    simulatorControlPort: ports.simulatorControl,
  }
}

type Broker = Pick<Endpoints, 'mqttUrl' | 'mqttUsername' | 'mqttPassword' | 'simulatorMqttUrl'>

function resolveBroker(services: StartedServices, { env, ports, secrets }: StartContext): Broker {
  if (services.mqtt) {
    return {
      mqttUrl: `mqtt://${LOOPBACK}:${ports.mqtt}`,
      mqttUsername: 'listener',
      mqttPassword: secrets.mqttListenerPassword,
      simulatorMqttUrl: mqttUrl('chirpstack', secrets.mqttChirpstackPassword, ports.mqtt),
    }
  }
  const url = required(env, 'MQTT_URL')
  const [mqttUsername, mqttPassword] = [env['MQTT_USERNAME'], readVariable(env, 'MQTT_PASSWORD')]
  return { mqttUrl: url, mqttUsername, mqttPassword, simulatorMqttUrl: withAccount(url, mqttUsername, mqttPassword) }
}

async function resolveDatabase(services: StartedServices, context: StartContext): Promise<DatabaseEndpoints> {
  const external = readVariable(context.env, 'DATABASE_URL')
  if (!external) return madeHere(services.postgres?.url ?? '', DATABASE, context)
  const ownerUrl = readVariable(context.env, 'DATABASE_OWNER_URL')
  const name = new URL(external).pathname.slice(1)
  const [role] = await queryRows(external, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user')
  if (role?.['rolsuper'] === true) return madeHere(external, name, context) // used for migrations only (OPS-022)
  if (ownerUrl && role?.['rolbypassrls'] !== true) return { adminUrl: null, ownerUrl, appUrl: external, name }
  throw new LocalError(
    'DATABASE_URL must name a superuser (then the roles are made here), or the role parking_app together with DATABASE_OWNER_URL.',
  )
}

function madeHere(adminUrl: string, name: string, { secrets }: StartContext): DatabaseEndpoints {
  const server = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href
  return {
    adminUrl,
    ownerUrl: withAccount(server, 'parking_owner', secrets.ownerPassword),
    appUrl: withAccount(server, 'parking_app', secrets.appPassword),
    name,
  }
}

function withAccount(url: string, username: string | undefined, password: string | undefined): string {
  return username === undefined ? url : Object.assign(new URL(url), { username, password: password ?? '' }).href
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = readVariable(env, name)
  if (!value) throw new LocalError(`${name} is neither set nor started`)
  return value
}
