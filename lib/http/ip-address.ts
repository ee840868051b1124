import { isIPv6 } from "node:net";

/**
 * The network that an address is counted under: an IPv4 address by itself, of IPv6 the /64, which is what one subscriber has
 * at the least (RFC 6177).
 */
export function networkOf(address: string | null): string {
  if (address === null) return "unknown";
  if (!isIPv6(address)) return address;
  const bytes = ipv6Bytes(address);
  const groups = [0, 2, 4, 6].map((at) => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  return `${groups.join(":")}::/64`;
}

/** The 16 bytes of an IPv6 address (RFC 4291, section 2.2); a zone is left out. */
export function ipv6Bytes(address: string): number[] {
  // URL writes every form in hexadecimal groups, the dotted one too.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

const groupsOf = (text: string) =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
