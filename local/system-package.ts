/** Installs a missing system package as root on Debian or Ubuntu, without starting its service (OPS-001). */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { isRoot } from './account'
import { EXIT, LocalError } from './errors'
import { findOnPath } from './find-tool'
import { runCommand } from './run-command'

/** Maintainer scripts ask this file whether they may start a service. Source: Debian's invoke-rc.d(8). */
const POLICY_FILE = '/usr/sbin/policy-rc.d'
const NEVER_START = '#!/bin/sh\nexit 101\n'
/** Two installations at once wait for each other. */
const APT_OPTIONS = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300']

export function canInstallPackages(env: NodeJS.ProcessEnv): boolean {
  return isRoot() && existsSync('/etc/debian_version') && findOnPath(['apt-get'], env) !== null
}

/** The command that a person would type. */
export function installCommand(packageName: string): string {
  return `apt-get install -y --no-install-recommends ${packageName}`
}

/** Throws LocalError (exit 4) with the package manager's last words. */
export async function installPackage(packageName: string, env: NodeJS.ProcessEnv): Promise<void> {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
  const policyIsOurs = !existsSync(POLICY_FILE)
  if (policyIsOurs) writeFileSync(POLICY_FILE, NEVER_START, { mode: 0o755 })
  try {
    const install = (): ReturnType<typeof runCommand> => runCommand('apt-get', ['install', ...APT_OPTIONS, packageName], { env: quiet })
    let result = await install()
    if (result.code !== 0) {
      await runCommand('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=300'], { env: quiet }) // a fresh image has no package lists
      result = await install()
    }
    if (result.code !== 0) throw new LocalError(`${installCommand(packageName)} failed:\n${result.output.slice(-600)}`, EXIT.notObtainable)
  } finally {
    if (policyIsOurs) rmSync(POLICY_FILE, { force: true })
  }
}
