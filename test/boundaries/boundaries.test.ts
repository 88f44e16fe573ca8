/** Plants one violation for each boundary check and sees it refused (H-04). */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findUnknownIds, idsIn } from '../../scripts/check-ids'

const ROOT = join(__dirname, '..', '..')
const planted: string[] = []

/** Writes a file into a room for the time of one test. */
function plant(path: string, text: string): string {
  const file = join(ROOT, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  planted.push(file)
  return path
}

/** Output of a tool that must refuse. */
function refusal(tool: string, args: string[]): string {
  try {
    execFileSync(join(ROOT, 'node_modules', '.bin', tool), args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return stdout + stderr
  }
  throw new Error(`${tool} accepted what it must refuse`)
}

const lint = (path: string) => refusal('eslint', [path])
const cruise = (path: string) => refusal('depcruise', ['--config', '.dependency-cruiser.cjs', path])

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file, { force: true })
})

describe('the boundary checks refuse', () => {
  jest.setTimeout(60_000)

  test('H-04.1: a restricted import', () => {
    const path = plant(
      'runtime/planted-import.ts',
      "import { normaliseEui } from '#domain/shared/eui'\nexport const planted = normaliseEui\n",
    )
    expect(lint(path)).toContain('runtime knows packages only')
  })

  test('H-04.1: any, a floating promise, a clock in the domain', () => {
    const anyAndFloat = plant(
      'runtime/planted-any.ts',
      'export const planted: any = 1\nexport function go(): void {\n  Promise.resolve(1)\n}\n',
    )
    expect(lint(anyAndFloat)).toMatch(/no-explicit-any[\s\S]*no-floating-promises/)
    const clock = plant('domain/shared/planted-clock.ts', 'export const planted = (): number => Date.now()\n')
    expect(lint(clock)).toContain('domain has no clock')
  })

  test('H-04.2: an import that only the whole graph shows', () => {
    plant('domain/shared/planted-innocent.ts', "import { createTx } from '../../db/tx'\nexport const planted = createTx\n")
    const path = plant(
      'workflows/shared/planted-reach.ts',
      "import { planted } from '#domain/shared/planted-innocent'\nexport const reaches = planted\n",
    )
    const output = cruise(path)
    expect(output).toContain('domain-imports')
  })

  test('H-04.2: a cycle', () => {
    plant('runtime/planted-a.ts', "import { b } from './planted-b'\nexport const a = (): unknown => b\n")
    const path = plant('runtime/planted-b.ts', "import { a } from './planted-a'\nexport const b = (): unknown => a\n")
    expect(cruise(path)).toContain('no-cycles')
  })

  test('an id that stands nowhere in docs/', () => {
    const madeUp = ['DOM', '999'].join('-') // spelled apart, so that this file does not cite it
    const unknown = findUnknownIds(new Map([['x.ts', `// ${madeUp} and D-31`]]), idsIn('D-31'))
    expect(unknown).toEqual(new Map([['x.ts', [madeUp]]]))
  })
})
