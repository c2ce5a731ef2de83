import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What kind of network an address belongs to. `forbidden` addresses are never
 * those of a registry: link-local (where clouds keep their metadata services),
 * multicast, unspecified and reserved ones.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

const PRIVATE_V4: [string, number][] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
];
const FORBIDDEN_V4: [string, number][] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
// Only 2000::/3 is handed out for public use; what else may be reached has to
// be named here.
const PUBLIC_V6: [string, number][] = [['2000::', 3]];
const PRIVATE_V6: [string, number][] = [
  ['::1', 128],
  ['fc00::', 7],
  ['64:ff9b:1::', 48],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
];

function list(type: 'ipv4' | 'ipv6', subnets: [string, number][]): BlockList {
  const blockList = new BlockList();
  for (const [net, prefix] of subnets) blockList.addSubnet(net, prefix, type);
  return blockList;
}

const privateV4 = list('ipv4', PRIVATE_V4);
const forbiddenV4 = list('ipv4', FORBIDDEN_V4);
const publicV6 = list('ipv6', PUBLIC_V6);
const privateV6 = list('ipv6', PRIVATE_V6);
const embeddingV6 = list('ipv6', [
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
]);

/**
 * Tells what kind of network an IP address belongs to, by the IANA registries
 * of special-purpose addresses. An IPv6 address that carries an IPv4 address
 * (mapped, NAT64) is of the kind of that address. What is no IP address is
 * `forbidden`.
 *
 * @param address - an address as sockets give it, without brackets
 */
export function classifyAddress(address: string): AddressKind {
  const [plain] = address.split('%');
  if (isIPv4(plain)) {
    if (forbiddenV4.check(plain, 'ipv4')) return 'forbidden';
    return privateV4.check(plain, 'ipv4') ? 'private' : 'public';
  }
  if (!isIPv6(plain)) return 'forbidden';
  if (embeddingV6.check(plain, 'ipv6')) {
    return classifyAddress(embeddedIPv4(plain));
  }
  if (privateV6.check(plain, 'ipv6')) return 'private';
  return publicV6.check(plain, 'ipv6') ? 'public' : 'forbidden';
}

function embeddedIPv4(address: string): string {
  // The URL parser writes every form the same way: the last 32 bits come out
  // as two hexadecimal groups, a zero group possibly as "::".
  const hex = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const tail = hex.slice(hex.lastIndexOf('::') + 1).split(':');
  const groups = hex.endsWith('::') ? ['0', '0'] : ['0', ...tail].slice(-2);
  const [high, low] = groups.map(group => parseInt(group || '0', 16));
  return [high, low]
    .flatMap(group => [Math.floor(group / 256), group % 256])
    .join('.');
}
