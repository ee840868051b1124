import { config } from "../config.ts";
import type { RegisteredCluster } from "./registry.ts";
import { directTransport } from "./transports/direct.ts";
import type { Transport } from "./transports/transport.ts";

const DIRECT = directTransport(() => config().clusters);

/** The transport by which a call goes to its cluster; asked for each call. There is one, for all clusters. */
export function chooseTransport(_cluster: RegisteredCluster): Transport {
  return DIRECT;
}
