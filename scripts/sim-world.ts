/** Writes the world file of the simulated network server (SIM_WORLD): the demo's, or an empty one without the demo. */
import { writeFileSync } from 'node:fs'
import { planDemo } from '#simulator/dataset/demo-plan'
import { planWorld } from '#simulator/dataset/demo-world'

const { DEMO_DATA, SIM_WORLD, SIMULATOR_SEED, PLATFORM_TENANT_ID, CHIRPSTACK_API_TOKEN } = process.env
if (SIM_WORLD === undefined || CHIRPSTACK_API_TOKEN === undefined) {
  console.error('SIM_WORLD and CHIRPSTACK_API_TOKEN are needed')
  process.exitCode = 1
} else {
  const plan = planDemo(Number(SIMULATOR_SEED ?? 7), PLATFORM_TENANT_ID ?? '00000000-0000-0000-0000-000000000000')
  const shown = DEMO_DATA === 'false' ? { ...plan, tenants: [] } : plan // without the demo nobody is on the network server yet
  writeFileSync(SIM_WORLD, JSON.stringify(planWorld(shown, CHIRPSTACK_API_TOKEN)), { mode: 0o600 })
  console.log(`world of ${shown.tenants.length} tenants written`)
}
