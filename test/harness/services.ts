/** Where the backing services of a test run are; the runner of `npm test` sets the variables, nothing has a default. */

export interface TestServices {
  readonly databaseAdminUrl: string
  readonly redisUrl: string
  readonly mqttUrl: string
  readonly temporalAddress: string
}

/** The value of an environment variable; the only place of the test code that reads them (H-60). */
export function requireEnv(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: run the suites with \`npm test\`, or set it to a service of your own.`)
  return value
}

export const testServices = (): TestServices => ({
  databaseAdminUrl: requireEnv('TEST_DATABASE_ADMIN_URL'),
  redisUrl: requireEnv('TEST_REDIS_URL'),
  mqttUrl: requireEnv('TEST_MQTT_URL'),
  temporalAddress: requireEnv('TEST_TEMPORAL_ADDRESS'),
})
