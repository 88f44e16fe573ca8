/** One preparation at a time per clone: two runs at once must not install or build into each other (OPS-025). */
'use strict'

const { readFileSync, rmSync, writeFileSync } = require('node:fs')

const POLL_MS = 200

/** Waits for the holder, takes over from a dead one. Synchronous, like all of the preparation. */
function withLock(file, work) {
  while (!tryLock(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  try {
    return work()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!isHolderAlive(file)) rmSync(file, { force: true })
    return false
  }
}

function isHolderAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM' // someone else's process is a living one
  }
}

module.exports = { withLock }
