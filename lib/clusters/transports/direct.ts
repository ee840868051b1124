import net from "node:net";
import { type AddressPolicy, guardedLookup, requirePermittedHost } from "../addresses/address-policy.ts";
import type { Transport } from "./transport.ts";
import { whenOpen } from "./when-open.ts";

/** Sessions and watches may be silent for hours; middleboxes forget such connections, and dead peers must be noticed. */
const KEEP_ALIVE_MS = 30_000;

/** From this machine over the network. `policy` says which addresses may be dialled, and is asked at each connection. */
export function directTransport(policy: () => AddressPolicy): Transport {
  return {
    name: "direct",
    async dial({ host, port }, signal) {
      requirePermittedHost(host, policy());
      const socket = net.connect({
        host,
        port,
        lookup: guardedLookup(policy()),
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_MS,
      });
      await whenOpen(socket, "connect", signal);
      return socket;
    },
  };
}
