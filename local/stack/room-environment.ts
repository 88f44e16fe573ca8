/** The environment of a command that works on the running stack: its URLs, unless the caller names others. */
import { dataFolderPath, describeDataFolder } from '../data-folder'
import { isAlive } from '../process-identity'
import { readRunFile } from '../run-file'
import { loadSecrets } from '../secrets'
import { readVariable } from '../variables'
import { commandEnvironment } from './product-environment'

/** The caller's environment as it is when it names a database, or when nothing runs here. */
export function roomEnvironment(root: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (readVariable(env, 'DATABASE_OWNER_URL') || readVariable(env, 'DATABASE_URL')) return env
  const dataPath = dataFolderPath(env, root)
  const data = describeDataFolder(dataPath)
  const record = readRunFile(data.runFile)
  if (!record?.endpoints || !isAlive(record.supervisor)) return env
  const front = { host: '127.0.0.1', port: Number(new URL(record.url).port || 80), url: record.url }
  return commandEnvironment({ env, endpoints: record.endpoints, secrets: loadSecrets(data.secretsFile), front, dataPath })
}
