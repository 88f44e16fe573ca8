import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FindContext } from './service'
import { findTemporalCli, serverVersion } from './temporal-cli'

describe('the command-line tool in place of the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parking-cli-'))
  const cli = join(folder, 'temporal')
  const find = (env: NodeJS.ProcessEnv) => findTemporalCli({ env } as FindContext) // the environment is all it looks at

  afterAll(() => rmSync(folder, { recursive: true }))

  function writeTool(server: string): void {
    writeFileSync(cli, `#!/bin/sh\necho "temporal version 1.9.1 (Server ${server}, UI 2.54.1)"\n`)
    chmodSync(cli, 0o755)
  }

  it("tells its server's version", () => {
    expect(serverVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe('1.32.0')
    expect(serverVersion('something else')).toBeNull()
  })

  it('OPS-013: is taken from 1.32 on, since only that server can skip time', () => {
    writeTool('1.32.0')
    expect(find({ TEMPORAL_CLI_PATH: cli })).toHaveProperty('found')
    writeTool('1.31.4')
    expect(find({ TEMPORAL_CLI_PATH: cli })).toEqual({ missing: `${cli} has server 1.31.4, 1.32 is needed` })
  })

  it('OPS-020: a named tool that cannot be run is said, not replaced', () => {
    expect(find({ TEMPORAL_CLI_PATH: join(folder, 'absent') })).toHaveProperty('missing')
  })
})
