/** A build in which the order of commands changed cannot replay what was recorded (Q-WFE-04). */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWorkflowBundle } from '#temporal/build-bundle'
import { readHistories } from './histories'
import { MUTANTS, type Mutant } from './mutants'
import { installQuietRuntime } from './quiet-runtime'
import { failuresOf } from './replay'

const ROOT = join(__dirname, '..', '..')
const WORKFLOWS = join(ROOT, 'workflows')
/** Inside the repository, so that aliases resolve; ignored by every other tool. */
const MUTANT_FOLDER = join(ROOT, '.data', 'workflow-mutants')

const histories = readHistories()

beforeAll(installQuietRuntime)

describe('a changed order of commands', () => {
  afterAll(() => rmSync(MUTANT_FOLDER, { recursive: true, force: true }))

  test.each(MUTANTS.map((mutant) => [mutant.workflow, mutant.name, mutant] as const))(
    'Q-WFE-04: %s with %s does not replay',
    async (workflow, _name, mutant) => {
      const bundle = await buildWorkflowBundle({ entry: join(plant(mutant), 'index.ts'), condition: 'source' })
      const own = histories.filter((history) => history.workflow === workflow)
      expect(own).not.toEqual([])
      expect((await failuresOf(bundle, own)).length).toBeGreaterThan(0)
    },
    60_000,
  )
})

/** A copy of all workflows with one changed line; returns its folder. */
function plant({ workflow, name, file, from, to }: Mutant): string {
  const folder = join(MUTANT_FOLDER, `${workflow}-${name.replace(/\W+/g, '-')}`)
  mkdirSync(folder, { recursive: true })
  cpSync(WORKFLOWS, folder, { recursive: true, filter: (path) => !path.includes('histories') && !path.endsWith('.test.ts') })
  const path = join(folder, workflow, file)
  const text = readFileSync(path, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} no longer holds: ${from}`)
  writeFileSync(path, text.replace(from, to))
  return folder
}
