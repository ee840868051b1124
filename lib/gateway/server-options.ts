import type { IncomingMessage, ServerOptions } from "node:http";
import { CONNECT_PATH, RAW_PROTOCOL } from "../tunnels/protocol/endpoints.ts";

/** As an agent's connection (lib/tunnels/protocol/endpoints.ts) asks; anywhere else the header is ignored. */
const isTunnel = ({ url }: IncomingMessage, upgrade: string): boolean =>
  upgrade === RAW_PROTOCOL && url === CONNECT_PATH;

/** Protocols that the gateway changes to; other Upgrade headers (h2c) are ignored, as RFC 9110 §7.8 has it. */
const UPGRADES: ReadonlySet<string> = new Set(["websocket", "spdy/3.1"]);

/**
 * Options for every server that the gateway listens on. The parser stays strict (no request smuggling), heads are bounded in size
 * and time, and what Node would answer by itself reaches the gateway, which records it.
 */
export const GATEWAY_SERVER_OPTIONS = {
  /** A bound on memory, above kube-apiserver's 1 MiB from which on read-request.ts refuses, when it is known whose request it is. */
  maxHeaderSize: 1024 * 1024 + 64 * 1024,
  /** Milliseconds for a whole head to come in. */
  headersTimeout: 20_000,
  /** Milliseconds for a whole request, with its body: uploads through a service's proxy take long. */
  requestTimeout: 3_600_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  insecureHTTPParser: false,
  /** Node would answer 400 by itself, unrecorded; read-request.ts refuses. */
  requireHostHeader: false,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  shouldUpgradeCallback: (request: IncomingMessage) => {
    const upgrade = request.headers.upgrade?.toLowerCase() ?? "";
    // RFC 9110 §7.8: Upgrade is ignored in HTTP/1.0.
    return request.httpVersion !== "1.0" && (UPGRADES.has(upgrade) || isTunnel(request, upgrade));
  },
} satisfies ServerOptions & { shouldUpgradeCallback: (request: IncomingMessage) => boolean };
