import { mkdir } from "node:fs/promises";
import net, { type Socket } from "node:net";
import path from "node:path";
import tls from "node:tls";
import { Agent, buildConnector } from "undici";
import {
  type AddressPolicy,
  guardedLookup,
  requirePermittedHost,
} from "../../clusters/addresses/address-policy.ts";
import { whenOpen } from "../../clusters/transports/when-open.ts";
import { config } from "../../config.ts";
import type { DestinationTls, DestinationTools } from "../destinations/destination/destination.ts";

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** Which addresses a stream may have: those of clusters, by settings of its own. */
export function streamAddresses(): AddressPolicy {
  return {
    ...config().streams,
    of: {
      what: "The stream's destination",
      allowLoopback: "streams.allowLoopback (KUBEWITNESS_STREAMS_ALLOW_LOOPBACK)",
      allowLinkLocal: "streams.allowLinkLocal (KUBEWITNESS_STREAMS_ALLOW_LINK_LOCAL)",
    },
  };
}

/** What the destination of one stream is given. */
export function destinationTools(stream: { id: string; name: string }): DestinationTools {
  return {
    dial,
    dialTls,
    dispatcher,
    now: () => Date.now(),
    folder: () => makeFolder(stream.id),
    stream: { id: stream.id, name: stream.name },
  };
}

/** Names are checked when they are resolved, addresses here. */
const guarded = () => ({ lookup: guardedLookup(streamAddresses()), keepAliveInitialDelay: KEEP_ALIVE_MS });

async function dial(address: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  requirePermittedHost(address.host, streamAddresses());
  const socket = net.connect({ ...address, ...guarded(), noDelay: true, keepAlive: true });
  await whenOpen(socket, "connect", AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]));
  return socket;
}

async function dialTls(
  address: { host: string; port: number },
  options: DestinationTls,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await dial(address, signal);
  const servername = net.isIP(address.host) === 0 ? address.host : undefined;
  const secured = tls.connect({ servername, ...options, socket, host: address.host });
  secured.on("close", () => socket.destroy());
  await whenOpen(secured, "secureConnect", AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]));
  return secured;
}

function dispatcher(options: { tls?: DestinationTls; connections?: number } = {}): Agent {
  const connect = buildConnector({ ...options.tls, ...guarded(), timeout: CONNECT_MS });
  return new Agent({
    connections: options.connections ?? 1,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect(target, callback) {
      try {
        // Node looks nothing up where the host is an address.
        requirePermittedHost(target.hostname, streamAddresses());
      } catch (error) {
        return callback(error as Error, null);
      }
      connect(target, callback);
    },
  });
}

async function makeFolder(streamId: string): Promise<string> {
  const folder = path.join(config().data, "streams", streamId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
