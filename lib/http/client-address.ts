import { isIP, isIPv4 } from "node:net";
import { detachedText } from "../detached-text.ts";
import { addressMatcher } from "./networks.ts";

/** Yields the client's address of a connection's peer and its forwarded headers. */
export type ClientAddressReader = (
  peer: string | undefined,
  forwardedFor: string | undefined,
) => string | null;

/**
 * Reads client addresses. `X-Forwarded-For` counts only where the peer is one of `trustedProxies` (addresses or CIDR
 * ranges), and then from the right: the first hop that is not trusted itself is the client. Anything to the left of it was
 * written by the client and says nothing.
 */
export function createClientAddressReader(trustedProxies: readonly string[]): ClientAddressReader {
  const isTrusted = addressMatcher(trustedProxies);

  return (peer, forwardedFor) => {
    const connected = peer === undefined ? null : plainAddress(peer);
    if (connected === null || forwardedFor === undefined || trustedProxies.length === 0) return connected;
    if (!isTrusted(connected)) return connected;
    let client = connected;
    for (const hop of forwardedFor.split(",").reverse()) {
      const address = plainAddress(hop.trim());
      // A proxy of ours wrote what it saw; text that is no address was not written by one.
      if (address === null) break;
      client = address;
      if (!isTrusted(address)) break;
    }
    // Cut out of a header, it would keep all of its request in memory wherever it is remembered.
    return detachedText(client);
  };
}

/** Whether a connection's peer is one of `trustedProxies`. */
export function createProxyCheck(trustedProxies: readonly string[]): (peer: string | undefined) => boolean {
  const isTrusted = addressMatcher(trustedProxies);
  return (peer) => {
    const address = peer === undefined ? null : plainAddress(peer);
    return address !== null && isTrusted(address);
  };
}

/** An address without the port, brackets, zone, or IPv4-mapped prefix that sockets and proxies add; null for anything else. */
function plainAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(address) === 0 ? null : address.toLowerCase();
}
