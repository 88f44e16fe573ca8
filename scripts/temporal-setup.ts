/** `temporal:setup`: namespace and search attributes on the workflow service; run twice = no change (OPS-073). */
import { connectTemporal } from '#temporal/client'
import { setUpTemporal } from '#temporal/setup'

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const address = environment['TEMPORAL_ADDRESS']
  if (!address) throw new Error('TEMPORAL_ADDRESS is not set')
  const namespace = environment['TEMPORAL_NAMESPACE'] ?? 'parking'
  const { connection, close } = connectTemporal({ address, namespace, apiKey: environment['TEMPORAL_API_KEY'] })
  try {
    await setUpTemporal(connection, { namespace })
    console.log(`namespace ${namespace} is ready`)
  } finally {
    await close()
  }
}

main(process.env).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
