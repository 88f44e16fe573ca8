/** Makes the one file of workflow code that workers load ready-made (Q-WFE-08, OPS-321). */
import { writeFile } from 'node:fs/promises'
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { Logger } from '#runtime/logger'

export interface BundleOptions {
  /** Absolute path of `workflows/index`, compiled or TypeScript. */
  readonly entry: string
  /** `source`: aliases lead to TypeScript, for tests and watch mode; without it they lead to `dist`. */
  readonly condition?: 'source'
  readonly log?: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
}

export function buildWorkflowBundle({ entry, condition, log }: BundleOptions): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: entry,
    logger: createBundlerLog(log),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, ...(condition === undefined ? {} : { conditionNames: [condition, 'require', 'node', 'default'] }) },
    }),
  })
}

/** The bundler's chatter is of no use to anyone but when it fails. */
function createBundlerLog(log: BundleOptions['log']) {
  const say = (level: 'warn' | 'error') => (message: string, meta?: object) => log?.[level](meta ?? {}, message)
  const silent = () => undefined
  return { trace: silent, debug: silent, info: silent, warn: say('warn'), error: say('error'), log: silent }
}

/** Writes the bundle to a file; returns its size in bytes. */
export async function writeWorkflowBundle(options: BundleOptions & { readonly file: string }): Promise<number> {
  const { code } = await buildWorkflowBundle(options)
  await writeFile(options.file, code)
  return Buffer.byteLength(code)
}
