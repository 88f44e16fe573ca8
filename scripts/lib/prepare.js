/** Makes a clean clone ready to run: Node, dependencies, build. Node built-ins only, since nothing else is there yet (OPS-001). */
'use strict'

const { spawnSync } = require('node:child_process')
const { existsSync, mkdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { buildSteps } = require('./build-steps')
const { withLock } = require('./lock')

const ROOT = join(__dirname, '..', '..')
const OLDEST_NODE = [20, 19]

/**
 * @typedef {{ name: string, passed: boolean, seconds: number }} StepResult
 */

/**
 * Does what is not yet done and returns one result per step that had to run. Stops at a failed installation; a failed build step is
 * returned with the others, since a type error does not keep the other files from being written.
 * @param {{ force?: boolean }} options `force`: build although nothing has changed
 * @returns {StepResult[]}
 */
function prepare({ force = false } = {}) {
  assertNode()
  if (process.env.PARKING_PREPARED === 'true') return [] // a suite starts a stack: the run's own build serves all of it
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  return withLock(join(ROOT, 'dist', '.prepare.lock'), () => {
    const results = []
    if (!dependenciesMatchLock()) results.push(runStep('install', npmCommand(), ['ci', '--include=dev', '--no-audit', '--no-fund']))
    if (results.some((result) => !result.passed)) return results
    for (const step of buildSteps(ROOT)) {
      if (!force && !step.isStale()) continue
      const result = runStep(step.name, step.command, step.args)
      if (result.passed) step.markDone()
      results.push(result)
    }
    return results
  })
}

/** Like `prepare`, for commands that make no sense on a half-built tree: says what failed and exits 1. */
function prepareOrExit(options) {
  const failed = prepare(options).filter((result) => !result.passed)
  if (failed.length === 0) return
  console.error(`${failed.map((result) => result.name).join(', ')} failed; see above.`)
  process.exit(1)
}

function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  console.error(`Node ${OLDEST_NODE.join('.')} or later is needed, this is ${process.versions.node}.`)
  process.exit(1)
}

/** Compares what npm says it installed with the lock file, package by package: file times lie after a checkout. */
function dependenciesMatchLock() {
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true
    if (!installed[path]) return entry.optional === true || entry.devOptional === true || entry.peer === true
    return installed[path].version === entry.version
  })
}

function npmCommand() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm'
}

/** Output goes to stderr: stdout belongs to the command (`npm start -- --json`). */
function runStep(name, command, args) {
  const start = Date.now()
  process.stderr.write(`${name}: ${[command.split('/').pop(), ...args.map((arg) => arg.replace(`${ROOT}/`, ''))].join(' ')}\n`)
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] })
  if (error) process.stderr.write(`${name}: ${error.message}\n`)
  const seconds = (Date.now() - start) / 1000
  process.stderr.write(`${name}: ${status === 0 ? 'done' : 'failed'} after ${seconds.toFixed(1)} s\n`)
  return { name, passed: status === 0, seconds }
}

module.exports = { ROOT, prepare, prepareOrExit }
