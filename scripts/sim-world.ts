/** Writes the world file of the simulated network server for the demo (SIM_WORLD). */
import { writeFileSync } from 'node:fs'
import { planDemo } from '#simulator/dataset/demo-plan'
import { planWorld } from '#simulator/dataset/demo-world'

const { SIM_WORLD, SIMULATOR_SEED, PLATFORM_TENANT_ID, CHIRPSTACK_API_TOKEN } = process.env
if (SIM_WORLD === undefined || CHIRPSTACK_API_TOKEN === undefined) {
  console.error('SIM_WORLD and CHIRPSTACK_API_TOKEN are needed')
  process.exitCode = 1
} else {
  const plan = planDemo(Number(SIMULATOR_SEED ?? 7), PLATFORM_TENANT_ID ?? '00000000-0000-0000-0000-000000000000')
  writeFileSync(SIM_WORLD, JSON.stringify(planWorld(plan, CHIRPSTACK_API_TOKEN)), { mode: 0o600 })
  console.log(`world of ${plan.tenants.length} tenants written`)
}
