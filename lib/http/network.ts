import { isIPv6 } from "node:net";
import { ipv6Bytes } from "./ipv6-bytes.ts";

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
