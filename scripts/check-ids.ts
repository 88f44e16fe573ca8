/** Refuses a requirement id in the tree that stands nowhere in `docs/`: tests and comments cite what exists. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** `D-31`, `H-10`, `DOM-T04`, `WF-010`, `F-API-RES-07`, `Q-RLS-01`, `API-320`, … */
const ID =
  /\b(?:D-\d{2}|H-\d{2}|(?:DOM|WF|LW|DB|API|UI|OPS|V5C|V5M)-(?:[TQE])?\d{2,3}[a-z]?|DOM-\d{3,4}|F-[A-Z]+(?:-[A-Z]+)?-\d{2}|Q-[A-Z]+-(?:[A-Z])?\d{1,2})\b/g
const SKIPPED = /^(docs\/|package-lock\.json|openapi\.json|.*\/vectors\/|.*\/histories\/)|\.(png|svg|woff2?)$/

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return listed.split('\n').filter((path) => path !== '')
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // listed by git, deleted in the work tree
  }
}

/** Ids of a text; ranges such as `DOM-201 to DOM-252` count by their ends. */
export function idsIn(text: string): Set<string> {
  return new Set(text.match(ID) ?? [])
}

/** The ids that files cite and no document defines, by file. */
export function findUnknownIds(files: ReadonlyMap<string, string>, documented: ReadonlySet<string>): Map<string, string[]> {
  const unknown = new Map<string, string[]>()
  for (const [path, text] of files) {
    const missing = [...idsIn(text)].filter((id) => !documented.has(id))
    if (missing.length > 0) unknown.set(path, missing)
  }
  return unknown
}

function main(): void {
  const paths = trackedFiles()
  const documented = idsIn(
    paths
      .filter((path) => path.startsWith('docs/'))
      .map(read)
      .join('\n'),
  )
  const files = new Map(paths.filter((path) => !SKIPPED.test(path)).map((path) => [path, read(path)]))
  const unknown = findUnknownIds(files, documented)
  for (const [path, ids] of unknown) console.error(`${path}: ${ids.join(', ')}`)
  if (unknown.size > 0) process.exitCode = 1
  else console.log(`${files.size} files cite only ids that stand in docs/`)
}

if (require.main === module) main()
