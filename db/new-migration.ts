/** The text of a new migration and of the list with it: `db:new` writes both. */

export interface NewMigration {
  readonly fileName: string
  readonly className: string
  readonly text: string
}

const pascalCase = (slug: string) => slug.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** `slug` in kebab-case; `epoch` in milliseconds, by which migrations are ordered. */
export function migrationFile(slug: string, epoch: number): NewMigration {
  const className = `${pascalCase(slug)}${epoch}`
  const text = `/** One sentence: what changes and why. */
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runAll } from './helpers/2026-11-run'

export class ${className} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAll(runner, [])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAll(runner, [])
  }
}
`
  return { fileName: `${epoch}-${slug}.ts`, className, text }
}

/** `all.ts` with one more import and one more entry, both last. */
export function addToList(list: string, { fileName, className }: NewMigration): string {
  return list
    .replace('\n\nexport const', `\nimport { ${className} } from './${fileName.replace(/\.ts$/, '')}'\n\nexport const`)
    .replace('\n] as const', `\n  ${className},\n] as const`)
}
