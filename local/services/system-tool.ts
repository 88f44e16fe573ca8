/** Finds a program that systems package: a named path, PATH, else the package (OPS-011, OPS-012). */
import { EXIT, LocalError } from '../errors'
import { findOnPath, isExecutable } from '../find-tool'
import { runCommand } from '../run-command'
import { canInstallPackages, installCommand, installPackage } from '../system-package'
import type { FindContext, Search, Tool } from './service'

export interface SystemTool {
  readonly title: string
  /** Environment variable that names the program's path. */
  readonly pathVariable: string
  /** Environment variable of an external service that makes the program unnecessary. */
  readonly urlVariable: string
  readonly names: readonly string[]
  readonly packageName: string
  readonly versionArgs: readonly string[]
}

/** Says what is missing if the named path is wrong: a wish that cannot be met is not silently replaced. */
export function findSystemTool(tool: SystemTool, context: FindContext): Search<Tool> {
  const named = context.env[tool.pathVariable]
  if (named)
    return isExecutable(named) ? foundAt(tool, named, tool.pathVariable) : { missing: `${tool.pathVariable}=${named} cannot be run` }
  const path = findOnPath(tool.names, context.env)
  if (path) return foundAt(tool, path, path)
  if (canInstallPackages(context.env))
    return { found: { source: `package ${tool.packageName}`, isThere: false, obtain: () => install(tool, context) } }
  const { title, pathVariable, urlVariable, names, packageName } = tool
  const tried = `tried ${pathVariable}, ${names.join(' and ')} on PATH`
  return { missing: `${title}: ${tried}; run \`${installCommand(packageName)}\` (or your system's like), or set ${urlVariable}` }
}

function foundAt(tool: SystemTool, path: string, source: string): Search<Tool> {
  return { found: { source, isThere: true, obtain: () => describe(tool, path, source) } }
}

async function install(tool: SystemTool, context: FindContext): Promise<Tool> {
  context.say(`${tool.title}: ${installCommand(tool.packageName)}`)
  await installPackage(tool.packageName, context.env)
  const path = findOnPath(tool.names, context.env)
  if (!path) throw new LocalError(`${tool.title}: the package ${tool.packageName} brought no ${tool.names[0]}`, EXIT.notObtainable)
  return describe(tool, path, `package ${tool.packageName}`)
}

async function describe(tool: SystemTool, path: string, source: string): Promise<Tool> {
  const { output } = await runCommand(path, tool.versionArgs)
  return { path, source, version: /\d+\.\d+(\.\d+)?/.exec(output)?.[0] ?? 'unknown' }
}
