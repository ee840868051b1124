import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/errors.ts";
import { createClientAddressReader, createProxyCheck } from "../lib/http/client-address.ts";
import { networkOf } from "../lib/http/ip-address.ts";
import { ConcurrencyLimit } from "../lib/limits/concurrency-limit.ts";

/** Requests of one network under way at once, live lists among them: a large office behind one address has as many. */
export const MOST_REQUESTS_OF_NETWORK = 512;

/** Counts what is under way of each network; see `take`. */
export interface RequestLimits {
  /** Whether a connection's peer is a trusted proxy, which speaks for many. */
  isTrustedProxy(peer: string | undefined): boolean;
  /**
   * Takes a place for a request that is not the gateway's; returns what gives it back.
   * @throws AppError `resource_exhausted` where its network has too many under way.
   */
  take(request: IncomingMessage): () => void;
}

/** `trustedProxies`: whose `X-Forwarded-For` says which network asks. */
export function createRequestLimits(
  trustedProxies: readonly string[],
  most = MOST_REQUESTS_OF_NETWORK,
): RequestLimits {
  const readAddress = createClientAddressReader(trustedProxies);
  const limit = new ConcurrencyLimit(most);
  return {
    isTrustedProxy: createProxyCheck(trustedProxies),
    take({ socket, headers }) {
      const address = readAddress(socket.remoteAddress, headers["x-forwarded-for"]?.toString());
      const giveBack = limit.take(networkOf(address));
      if (giveBack !== null) return giveBack;
      throw new AppError(
        "resource_exhausted",
        `${most} requests of your address are under way, which is the most at once. Wait for some to end.`,
        { retryAfterSeconds: 2 },
      );
    },
  };
}
