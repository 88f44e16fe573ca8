/** Preloaded into the processes of a mutated stack: lays the mutants that a file names over the compiled product while it is loaded (Q-FLT-36). */
'use strict'

const { existsSync, readFileSync } = require('node:fs')
const Module = require('node:module')

const list = process.env.FAULT_MUTANTS_FILE
const mutants = list && existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
const load = Module._extensions['.js']

Module._extensions['.js'] = function loadMutated(module, filename) {
  const mutant = mutants.find(({ file }) => filename.endsWith(file))
  if (!mutant) return load(module, filename)
  const source = readFileSync(filename, 'utf8')
  if (source.split(mutant.anchor).length !== 2) throw new Error(`${filename} does not hold this once: ${mutant.anchor}`)
  process.stderr.write(`mutant: ${mutant.name}\n`)
  module._compile(
    source.replace(mutant.anchor, () => mutant.replacement),
    filename,
  )
}
