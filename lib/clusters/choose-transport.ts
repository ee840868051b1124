import { config } from "../config.ts";
import type { RegisteredCluster } from "./registry.ts";
import { directTransport } from "./transports/direct.ts";
import type { Transport } from "./transports/transport.ts";
import { tunnelTransport } from "./transports/tunnel.ts";

const DIRECT = directTransport(() => config().clusters);
const tunnels = new WeakMap<RegisteredCluster, Transport>();

/** The transport by which a call goes to its cluster; asked for each call. */
export function chooseTransport(cluster: RegisteredCluster): Transport {
  if (cluster.connection === "direct") return DIRECT;
  const transport = tunnels.get(cluster) ?? tunnelTransport(cluster);
  tunnels.set(cluster, transport);
  return transport;
}
