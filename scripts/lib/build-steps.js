/** What a build consists of, and how each step knows that its output is behind its sources. */
'use strict'

const { createHash } = require('node:crypto')
const { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { join, relative } = require('node:path')

const ROOMS = ['domain', 'api', 'workflows', 'activities', 'db', 'temporal', 'local', 'runtime', 'simulator', 'scripts']
const CONFIGURATION = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
const IGNORED_FOLDERS = ['node_modules', 'dist', 'histories']

/** The steps whose sources exist in this tree, in order. */
function buildSteps(root) {
  const steps = [
    {
      name: 'compile',
      sources: [...ROOMS, ...CONFIGURATION],
      args: [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
      afterwards: () => removeOrphans(root),
    },
    {
      name: 'workflow bundle',
      needs: 'temporal/bundle.ts',
      sources: ['workflows', 'domain', 'temporal/bundle.ts', 'temporal/build-bundle.ts', 'package-lock.json'],
      args: [join(root, 'dist', 'temporal', 'bundle.js')],
    },
    {
      name: 'console',
      needs: 'web/vite.config.ts',
      sources: ['web', 'domain', 'api/contract', 'package-lock.json'],
      args: [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', 'web/vite.config.ts', 'web'],
    },
  ]
  return steps.filter((step) => !step.needs || existsSync(join(root, step.needs))).map((step) => withStamp(root, step))
}

/** The stamp holds a digest of the sources' paths, sizes and times at the last build that passed. */
function withStamp(root, step) {
  const stamp = join(root, 'dist', `.built-${step.name.replace(/ /g, '-')}`)
  const before = digest(root, step.sources)
  return {
    name: step.name,
    command: process.execPath,
    args: step.args,
    isStale: () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== before,
    markDone: () => {
      step.afterwards?.()
      writeFileSync(stamp, before)
    },
  }
}

function digest(root, sources) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => filesUnder(join(root, source))).filter(isSource)) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => !IGNORED_FOLDERS.includes(entry.name))
  return entries.flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)])).sort()
}

function isSource(file) {
  return !file.endsWith('.test.ts') && !file.endsWith('.md')
}

/** A deleted source must not live on in `dist`: a migration or workflow found there would still be taken. */
function removeOrphans(root) {
  for (const room of ROOMS) {
    for (const file of filesUnder(join(root, 'dist', room))) {
      const source = relative(join(root, 'dist'), file).replace(/\.js(\.map)?$/, '')
      if (/\.js(\.map)?$/.test(file) && !existsSync(join(root, `${source}.ts`))) rmSync(file)
    }
  }
}

module.exports = { buildSteps }
