import { isIP } from "node:net";
import { ipv6Bytes } from "../../http/ip-address.ts";

/** Where an IPv4 address may stand inside an IPv6 one: by the prefix, the bytes of the IPv4 address in their order. */
interface Embedding {
  /** The first bytes of the IPv6 address. */
  prefix: readonly number[];
  bytes: readonly (readonly [number, number, number, number])[];
  /** The bytes are stored inverted (Teredo). */
  inverted?: boolean;
}

const LAST = [12, 13, 14, 15] as const;
const ZEROES = (count: number) => Array.from({ length: count }, () => 0);

const EMBEDDINGS: readonly Embedding[] = [
  // RFC 4291, section 2.5.5: IPv4-mapped, and the deprecated IPv4-compatible; RFC 2765: IPv4-translated.
  { prefix: [...ZEROES(10), 0xff, 0xff], bytes: [LAST] },
  { prefix: ZEROES(12), bytes: [LAST] },
  { prefix: [...ZEROES(8), 0xff, 0xff, 0, 0], bytes: [LAST] },
  // RFC 6052, section 2.1: the well-known prefix of NAT64.
  { prefix: [0, 0x64, 0xff, 0x9b, ...ZEROES(8)], bytes: [LAST] },
  // RFC 8215: NAT64's prefix for local use; which length its users cut from it is theirs (RFC 6052, section 2.2; byte 8 is empty).
  {
    prefix: [0, 0x64, 0xff, 0x9b, 0, 1],
    bytes: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], LAST],
  },
  // RFC 3056: 6to4.
  { prefix: [0x20, 0x02], bytes: [[2, 3, 4, 5]] },
  // RFC 4380: Teredo, its server and, inverted, its client.
  { prefix: [0x20, 0x01, 0, 0], bytes: [[4, 5, 6, 7]] },
  { prefix: [0x20, 0x01, 0, 0], bytes: [LAST], inverted: true },
];
/** RFC 5214: ISATAP's interface identifier, below any prefix. */
const ISATAP = [
  [0, 0, 0x5e, 0xfe],
  [2, 0, 0x5e, 0xfe],
];

/** The IPv4 addresses that an IPv6 address may stand for to a translator or a tunnel on its way; none for an IPv4 address. */
export function embeddedAddresses(address: string): string[] {
  if (isIP(address) !== 6) return [];
  const bytes = ipv6Bytes(address);
  const found = EMBEDDINGS.filter(({ prefix }) => startsWith(bytes, 0, prefix)).flatMap(
    ({ bytes: alternatives, inverted }) =>
      alternatives
        // Where a prefix may have several lengths, zeroes say that it has another one.
        .filter((places) => places === LAST || alternatives.length === 1 || bytes[places[0]] !== 0)
        .map((places) => places.map((place) => (inverted ? 255 - bytes[place]! : bytes[place]!))),
  );
  if (ISATAP.some((identifier) => startsWith(bytes, 8, identifier))) found.push(bytes.slice(12));
  return [...new Set(found.map((parts) => parts.join(".")))];
}

function startsWith(bytes: readonly number[], offset: number, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[offset + index] === byte);
}
