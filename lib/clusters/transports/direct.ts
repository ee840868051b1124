import net, { type TcpNetConnectOpts } from "node:net";
import { type AddressPolicy, guardedLookup, requirePermittedHost } from "../addresses/address-policy.ts";
import type { Address, Transport } from "./transport.ts";
import { whenOpen } from "./when-open.ts";

/** Sessions and watches may be silent for hours; middleboxes forget such connections, and dead peers must be noticed. */
const KEEP_ALIVE_MS = 30_000;

/** From this machine over the network. `policy` says which addresses may be dialled, and is asked at each connection. */
export function directTransport(policy: () => AddressPolicy): Transport {
  const socketOptions = ({ host, port }: Address): TcpNetConnectOpts => {
    requirePermittedHost(host, policy());
    return {
      host,
      port,
      lookup: guardedLookup(policy()),
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    };
  };
  return {
    name: "direct",
    async dial(address, signal) {
      const socket = net.connect(socketOptions(address));
      await whenOpen(socket, "connect", signal);
      return socket;
    },
    socketOptions,
  };
}
