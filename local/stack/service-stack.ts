/** The backing services alone, in a folder of their own: what tests need, and what `npm start` builds on. */
import { unprivilegedAccount } from '../account'
import { openDataFolder } from '../data-folder'
import { choosePorts } from '../ports'
import type { ChildRecord } from '../supervisor'
import { createSupervisor, type Supervisor } from '../supervisor'
import { loadSecrets } from '../secrets'
import type { FindContext, StackMode, StartContext } from '../services/service'
import { toolCache } from '../tool-cache'
import { findTools, type Wanted } from './obtain'
import { startServices, STOP_ORDER, type StartedServices } from './services'

export interface ServiceStackInput {
  readonly root: string
  readonly dataPath: string
  readonly mode: StackMode
  readonly wanted: Wanted
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
  readonly signal: AbortSignal
  readonly onChange: (children: readonly ChildRecord[]) => void
}

export interface ServiceStack {
  readonly services: StartedServices
  readonly context: StartContext
  readonly supervisor: Supervisor
  readonly stop: () => Promise<void>
}

/** What finding a tool needs to know. */
export function findContext(input: Pick<ServiceStackInput, 'root' | 'env' | 'say' | 'signal'>): FindContext {
  const { root, env, say, signal } = input
  return { root, env, say, signal, cache: toolCache(env), account: unprivilegedAccount() }
}

/** A failure on the way ends what was started before it is thrown. */
export async function startServiceStack(input: ServiceStackInput): Promise<ServiceStack> {
  const found = findContext(input)
  const tools = await findTools(input.wanted, found)()
  const data = openDataFolder(input.dataPath)
  const ports = await choosePorts(input.mode === 'test')
  const supervisor = createSupervisor({ say: input.say, onChange: input.onChange })
  const context: StartContext = { ...found, mode: input.mode, data, ports, supervisor, secrets: loadSecrets(data.secretsFile) }
  const stop = (): Promise<void> => supervisor.stopAll(STOP_ORDER)
  try {
    return { services: await startServices(tools, context), context, supervisor, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
