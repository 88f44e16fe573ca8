/** The pages of `docs/problems`, one per error code, read once (API-836). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ProblemPages {
  /** Null for a code without a page. */
  find(code: string): string | null
}

export function readProblemPages(folder: string): ProblemPages {
  const files = readdirSync(folder).filter((name) => name.endsWith('.md'))
  const pages = new Map(files.map((name) => [name.slice(0, -'.md'.length), readFileSync(join(folder, name), 'utf8')]))
  return { find: (code) => pages.get(code) ?? null }
}
