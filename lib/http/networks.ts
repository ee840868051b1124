import { BlockList, isIP } from "node:net";

/** Tells whether an address is in one of the ranges: addresses, or CIDR ranges (RFC 4632, RFC 4291). */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const { address, bits, family } = parseRange(range);
    list.addSubnet(address, bits, family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/** Whether every address of `inner` is in one of `outer`; no range at all is everywhere. */
export function areWithin(inner: readonly string[], outer: readonly string[]): boolean {
  if (outer.length === 0) return true;
  if (inner.length === 0) return false;
  return inner.every((range) => outer.some((other) => isWithin(range, other)));
}

/** The addresses that are in both, no range at all being everywhere. Two ranges are one within the other, or have nothing in common. Null: there are none. */
export function commonNetworks(a: readonly string[], b: readonly string[]): string[] | null {
  if (a.length === 0) return [...b];
  if (b.length === 0) return [...a];
  const common = a.flatMap((one) =>
    b.flatMap((other) => (isWithin(one, other) ? [one] : isWithin(other, one) ? [other] : [])),
  );
  return common.length === 0 ? null : [...new Set(common)];
}

function isWithin(inner: string, outer: string): boolean {
  const { address, bits, family } = parseRange(inner);
  const whole = parseRange(outer);
  return family === whole.family && bits >= whole.bits && addressMatcher([outer])(address);
}

function parseRange(range: string): { address: string; bits: number; family: "ipv4" | "ipv6" } {
  const [address = "", bits] = range.split("/");
  const family = familyOf(address);
  return { address, family, bits: bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits) };
}

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
