import ipaddr from 'ipaddr.js'

/** A range of addresses as the operator wrote it: one address, or CIDR. */
function matches(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.process(range), undefined]
  if (network.kind() !== address.kind()) return false
  return bits === undefined ? network.toString() === address.toString() : address.match(network, bits)
}

/**
 * Whether notices may be sent to an address: one of the public internet, or one that the operator allows. Everything
 * that IANA keeps for something else is refused: loopback, private, link-local with its metadata services, carrier NAT,
 * benchmarking, NAT64, IPv4 in IPv6.
 * @param allowed ranges that the operator allows
 */
export function mayReach(address: string, allowed: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  // An IPv4 address that is written as IPv6 is held against the ranges as what it is.
  if (allowed.some(range => matches(ipaddr.process(address), range))) return true
  return ipaddr.parse(address).range() === 'unicast'
}
