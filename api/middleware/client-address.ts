/** The client's address: the connection's, or what configured proxies say, hop by hop from the right (API-010). */
import { BlockList, isIP } from 'node:net'
import type { ApiMiddleware } from './call'

export function clientAddress(trustedProxies: readonly string[]): ApiMiddleware {
  const isTrusted = trust(trustedProxies)
  return async (ctx, next) => {
    const peer = plain(ctx.req.socket.remoteAddress ?? '')
    ctx.state.address = isTrusted(peer) ? firstUntrusted(ctx.get('X-Forwarded-For'), peer, isTrusted) : peer
    await next()
  }
}

const plain = (address: string): string => address.replace(/^::ffff:/, '')

function firstUntrusted(header: string, peer: string, isTrusted: (address: string) => boolean): string {
  const hops = header.split(',').map((hop) => plain(hop.trim()))
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return peer
    if (!isTrusted(hop)) return hop
  }
  return peer
}

function trust(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
