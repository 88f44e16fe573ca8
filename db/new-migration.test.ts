/** `db:new` keeps the list in order and the class name as TypeORM wants it. */
import { addToList, migrationFile } from './new-migration'

test('DB-880: a new migration is named by its time and its slug, and stands last in the list', () => {
  const made = migrationFile('bay-colours', 1_800_000_000_000)
  expect(made.fileName).toBe('1800000000000-bay-colours.ts')
  expect(made.text).toContain('export class BayColours1800000000000 implements MigrationInterface')
  const list = `/** x */\nimport { A1 } from './1-a'\n\nexport const MIGRATIONS = [\n  A1,\n] as const\n`
  expect(addToList(list, made)).toBe(
    `/** x */\nimport { A1 } from './1-a'\nimport { BayColours1800000000000 } from './1800000000000-bay-colours'\n\nexport const MIGRATIONS = [\n  A1,\n  BayColours1800000000000,\n] as const\n`,
  )
})
