/** Redis or Valkey of the local stack: loopback, password, append-only (OPS-011, OPS-074). */
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { ServiceInfo } from '../run-file'
import { writeOwnerOnly } from '../secrets'
import { waitFor } from '../wait-for'
import { LOOPBACK, type FindContext, type Search, type StartContext, type Tool } from './service'
import { findSystemTool } from './system-tool'

const READY_TIMEOUT_MS = 15_000
const ANSWER_TIMEOUT_MS = 1_000

export function findRedis(context: FindContext): Search<Tool> {
  return findSystemTool(
    {
      title: 'Redis',
      pathVariable: 'REDIS_SERVER_PATH',
      urlVariable: 'REDIS_URL',
      names: ['redis-server', 'valkey-server'],
      packageName: 'redis-server',
      versionArgs: ['--version'],
    },
    context,
  )
}

/** Resolves when it answers an authenticated PING. */
export async function startRedis(tool: Tool, context: StartContext): Promise<ServiceInfo> {
  const { data, ports, secrets, supervisor, signal } = context
  const configFile = join(data.redis, 'redis.conf')
  writeOwnerOnly(configFile, redisConfig({ port: ports.redis, folder: data.redis, password: secrets.redisPassword }))
  supervisor.run({
    name: 'redis',
    command: tool.path,
    args: [configFile], // the password stays out of the process title
    cwd: data.redis,
    env: context.env,
    logFile: join(data.logs, 'redis.log'),
    account: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 3_000,
  })
  await waitFor(() => pingRedis(ports.redis, secrets.redisPassword), {
    what: 'Redis',
    timeoutMs: READY_TIMEOUT_MS,
    signal,
    giveUpIf: () => supervisor.assertRunning('redis'),
  })
  const url = `redis://:${secrets.redisPassword}@${LOOPBACK}:${ports.redis}`
  return { name: 'redis', url, source: tool.source, version: tool.version }
}

function redisConfig(input: { port: number; folder: string; password: string }): string {
  return [
    `bind ${LOOPBACK}`,
    `port ${input.port}`,
    `dir "${input.folder}"`,
    `requirepass ${input.password}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory 256mb',
    'maxmemory-policy volatile-lru',
    '',
  ].join('\n')
}

/** Speaks two lines of RESP, so that this room needs no client library. Source: Redis serialization protocol, inline commands. */
function pingRedis(port: number, password: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: LOOPBACK, timeout: ANSWER_TIMEOUT_MS })
    let answer = ''
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('+PONG')) resolve(true)
      else if (answer.includes('-')) reject(new Error(answer.trim()))
      else return
      socket.destroy()
    })
    socket.on('timeout', () => socket.destroy())
    socket.on('error', reject)
    socket.on('close', () => resolve(false))
  })
}
