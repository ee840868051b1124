import { config } from "../../config.ts";
import { directTransport } from "./direct.ts";
import type { Transport } from "./transport.ts";

const DIRECT = directTransport(() => config().clusters);

/** The transport by which a call goes to its cluster; asked for each call. */
export function chooseTransport(): Transport {
  return DIRECT;
}
