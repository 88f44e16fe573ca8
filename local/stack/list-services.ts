/** The services of a stack as the banner, the ready line and `run.json` name them (OPS-003). */
import type { ServiceInfo } from '../run-file'
import type { Endpoints } from './endpoints'
import type { StartedServices } from './services'

/** Each with a URL that works as it stands, credentials included. */
export function listServices(services: StartedServices, endpoints: Endpoints): ServiceInfo[] {
  return [
    ...databases(services.postgres, endpoints),
    services.redis ?? external('redis', endpoints.redisUrl),
    services.mqtt ?? external('mqtt', endpoints.simulatorMqttUrl),
    services.temporal ?? external('temporal', endpoints.temporalAddress),
    ...(services.temporalUi ? [services.temporalUi] : []),
    networkServer(endpoints),
  ]
}

/** Ours as its superuser on the product's database; beside an external one it serves Temporal alone and says so. */
function databases(started: ServiceInfo | null, { database }: Endpoints): ServiceInfo[] {
  if (!started) return [external('postgresql', database.appUrl)]
  if (database.adminUrl !== started.url) return [external('postgresql', database.appUrl), { ...started, name: 'postgresql-temporal' }]
  return [{ ...started, url: Object.assign(new URL(started.url), { pathname: `/${database.name}` }).href }]
}

function networkServer({ chirpstackUrl, chirpstackApiToken, simulatorControlPort }: Endpoints): ServiceInfo {
  if (simulatorControlPort === null) return external('chirpstack', chirpstackUrl)
  const url = chirpstackUrl.replace('://', `://:${chirpstackApiToken}@`)
  return { name: 'chirpstack', url, source: 'simulator', version: 'own' }
}

function external(name: string, url: string): ServiceInfo {
  return { name, url, source: 'environment', version: 'as found' }
}
