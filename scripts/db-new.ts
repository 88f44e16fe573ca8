/** `db:new -- <slug>`: an empty migration and its line in the list (DB-880). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addToList, migrationFile } from '#db/new-migration'

const FOLDER = join(process.cwd(), 'db', 'migrations')

function main(): void {
  const slug = process.argv[2]
  if (slug === undefined || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) throw new Error('npm run db:new -- <slug>, a kebab-case word or more')
  const made = migrationFile(slug, Date.now())
  const list = join(FOLDER, 'all.ts')
  writeFileSync(join(FOLDER, made.fileName), made.text, { flag: 'wx' })
  writeFileSync(list, addToList(readFileSync(list, 'utf8'), made))
  console.log(`db/migrations/${made.fileName}: write up and down, then npm run db:dump`)
}

try {
  main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
