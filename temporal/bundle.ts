/** Entry of the build step: writes `dist/workflow-bundle.js` from the compiled workflows (OPS-321). */
import { join } from 'node:path'
import { writeWorkflowBundle } from './build-bundle'

const DIST = join(__dirname, '..')

const say = (level: string) => (meta: unknown, message?: string) => process.stderr.write(`${level}: ${message ?? String(meta)}\n`)
const log = { info: () => undefined, debug: () => undefined, warn: say('warning'), error: say('error') }

writeWorkflowBundle({ entry: join(DIST, 'workflows', 'index.js'), file: join(DIST, 'workflow-bundle.js'), log }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
