/** `npm run simulate -- --site demo --seed 7 --days 3`: plays a site on a virtual clock and prints the digest (Q-SIM-01). */
import { parseArgs } from 'node:util'
import { describeSimulation, simulateDemo } from '#simulator/site/simulate-demo'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      site: { type: 'string', default: 'demo' },
      seed: { type: 'string', default: '7' },
      days: { type: 'string', default: '3' },
    },
  })
  console.log(describeSimulation(await simulateDemo({ site: values.site, seed: Number(values.seed), days: Number(values.days) })))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
