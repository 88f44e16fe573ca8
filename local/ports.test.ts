import { createServer, type AddressInfo } from 'node:net'
import { choosePorts, isPortFree, nextFreePort, PREFERRED_PORTS } from './ports'

const everyPortIsFree = (): Promise<boolean> => Promise.resolve(true)

describe('choice of ports', () => {
  it('OPS-010 to OPS-014: the preferred ones when all are free', async () => {
    expect(await choosePorts(false, everyPortIsFree)).toEqual(PREFERRED_PORTS)
  })

  it('OPS § 2: a taken port moves to the next free one', async () => {
    const taken = [54320, 54321]
    const ports = await choosePorts(false, (port) => Promise.resolve(!taken.includes(port)))
    expect(ports.postgres).toBe(54322)
  })

  it('a port that was just chosen for one service is not chosen for the next', async () => {
    expect(await nextFreePort(7_000, new Set([7_000, 7_001]), everyPortIsFree)).toBe(7_002)
  })

  it('OPS-025: test runs take ports below those of outgoing connections, all different', async () => {
    const ports = Object.values(await choosePorts(true, everyPortIsFree))
    expect(new Set(ports).size).toBe(ports.length)
    expect(Math.max(...ports)).toBeLessThan(32_768)
  })

  it('sees a listener on the loopback address', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // TCP, so never a path
    expect(await isPortFree(port)).toBe(false)
    await new Promise((resolve) => server.close(resolve))
    expect(await isPortFree(port)).toBe(true)
  })
})
