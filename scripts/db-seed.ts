/** `db:seed`: writes the demo into a database that has none; run twice = no change (OPS-023). */
import { hash } from '@node-rs/argon2'
import { seedDemo } from '#db/seed/seed-demo'
import { freshnessWindow } from '#domain/device/freshness'
import { playBay } from '#simulator/dataset/demo-history'
import { planDemo } from '#simulator/dataset/demo-plan'
import { SIMULATED_MODELS } from '#simulator/dataset/simulated-models'

async function main(): Promise<void> {
  const environment = process.env
  const ownerUrl = environment['DATABASE_OWNER_URL']
  if (ownerUrl === undefined) throw new Error('DATABASE_OWNER_URL: the URL of parking_owner is needed')
  const seed = Number(environment['SIMULATOR_SEED'] ?? 7)
  const now = Date.now()
  const plan = planDemo(seed, environment['PLATFORM_TENANT_ID'] ?? '00000000-0000-0000-0000-000000000000')
  const written = await seedDemo(ownerUrl, plan.tenants, {
    passwordHash: await hash(environment['DEMO_PASSWORD'] ?? 'Parking-demo-1'),
    now,
    history: (_tenant, { id, eui, model, spaceId }, gatewayEui) => {
      if (spaceId === null || !SIMULATED_MODELS.has(model)) return null
      return playBay({ seed, spaceId, deviceId: id, devEui: eui, model, gatewayEui, window: freshnessWindow({ model }), now })
    },
  })
  console.log(written.length > 0 ? `demo data written for ${written.join(', ')}` : 'demo data was there already')
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
