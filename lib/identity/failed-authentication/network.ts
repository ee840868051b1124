import { isIPv6 } from "node:net";

/**
 * The network that an address is counted under: an IPv4 address by itself, of IPv6 the /64, which is what one subscriber has
 * at the least (RFC 6177).
 */
export function networkOf(address: string | null): string {
  if (address === null) return "unknown";
  if (!isIPv6(address)) return address;
  const [before = "", after] = address.split("::");
  const head = groupsOf(before);
  const tail = groupsOf(after ?? "");
  const zeros = after === undefined ? [] : Array<string>(8 - head.length - tail.length).fill("0");
  const prefix = [...head, ...zeros, ...tail].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${prefix.join(":")}::/64`;
}

/** The last 32 bits may be written as IPv4: they stand for two groups, whose values do not matter here. */
function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => (group.includes(".") ? ["0", "0"] : [group.toLowerCase()]));
}
