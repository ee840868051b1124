import net, { isIP } from "node:net";
import tls, { type ConnectionOptions, type TLSSocket } from "node:tls";
import type { ProxySettings } from "../settings/proxy.ts";
import { throughProxy } from "./through-proxy.ts";
import { whenOpen } from "./when-open.ts";

/** Middleboxes forget silent connections, and a dead peer must be noticed. */
const KEEP_ALIVE_MS = 30_000;

export interface Target {
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
  proxy: ProxySettings | null;
}

/** Opens a TCP connection, through the proxy where there is one, and TLS 1.2 or newer on it. Rejects with Node's errors, or an AgentError. */
export async function openTls(
  target: Target,
  trust: ConnectionOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const below =
    target.proxy === null ? await openTcp(target, signal) : await throughProxy(target.proxy, target, signal);
  const secured = tls.connect({
    ...{ host: target.host, minVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"] },
    // RFC 6066, section 3: an address is no server name.
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
    ...trust,
    socket: below,
  });
  await whenOpen(secured, "secureConnect", signal);
  return secured;
}

/** Opens a TCP connection; `allowHalfOpen`: each direction ends by itself. */
export async function openTcp(
  { host, port, allowHalfOpen = false }: { host: string; port: number; allowHalfOpen?: boolean },
  signal: AbortSignal,
): Promise<net.Socket> {
  const socket = net.connect({
    ...{ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    allowHalfOpen,
  });
  await whenOpen(socket, "connect", signal);
  return socket;
}
