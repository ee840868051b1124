import { isIPv4, isIPv6 } from "node:net";
import { ipv6Bytes } from "../../http/ip-address.ts";

/** An address as four 32-bit words; an IPv4 one as IPv6 maps it (RFC 4291, section 2.5.5.2). */
export type Address = readonly [number, number, number, number];

const MAPPED = 0xffff;
const DOT = 0x2e;
const ZERO = 0x30;

/** Null where the text is no address. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return [0, 0, MAPPED, wordOfDotted(text)];
  if (!isIPv6(text)) return null;
  const bytes = ipv6Bytes(text);
  const word = (at: number) => wordOf(bytes.slice(at, at + 4));
  return [word(0), word(4), word(8), word(12)];
}

function wordOfDotted(text: string): number {
  let word = 0;
  let byte = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      word = (word << 8) | byte;
      byte = 0;
    } else byte = byte * 10 + code - ZERO;
  }
  return ((word << 8) | byte) >>> 0;
}

const wordOf = (bytes: readonly number[]) => bytes.reduce((word, byte) => (word << 8) | byte, 0) >>> 0;

interface Network {
  address: Address;
  masks: Address;
}

/** Whether an address is in one of the networks (`192.0.2.0/24`, `2001:db8::/32`, or an address by itself). */
export function compileNetworks(texts: readonly string[]): (address: Address) => boolean {
  const networks = texts.map(parseNetwork);
  return (address) => networks.some((network) => isWithin(address, network));
}

function parseNetwork(text: string): Network {
  const [host = "", length] = text.split("/");
  const address = parseAddress(host);
  if (address === null) throw new Error(`${JSON.stringify(text)} is no network`);
  const hostBits = (isIPv4(host) ? 32 : 128) - Number(length ?? (isIPv4(host) ? 32 : 128));
  const bits = 128 - hostBits;
  const maskOf = (word: number) => {
    const set = Math.min(Math.max(bits - word * 32, 0), 32);
    return set === 0 ? 0 : (0xffffffff << (32 - set)) >>> 0;
  };
  return { address, masks: [maskOf(0), maskOf(1), maskOf(2), maskOf(3)] };
}

function isWithin(address: Address, network: Network): boolean {
  for (let word = 3; word >= 0; word--) {
    if (((address[word]! ^ network.address[word]!) & network.masks[word]!) !== 0) return false;
  }
  return true;
}
