import net, { type TcpNetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { type ClusterTls, createClusterTls, type TlsDestination } from "./cluster-tls.ts";
import type { ClientCertificate } from "./credentials/source.ts";
import type { ByteReader } from "./transports/byte-reader.ts";
import { carriedLike } from "./transports/carried.ts";
import type { Address, Transport } from "./transports/transport.ts";
import { whenOpen } from "./transports/when-open.ts";

/** How an API server is addressed, and proves that it is the one. */
export type Destination = TlsDestination & { endpoint: string };

export interface ConnectOptions {
  /** Aborted: whoever wanted the connection does not any more. Counts until it is open. */
  signal?: AbortSignal;
  /** Of who is to carry it, where several do. */
  tag?: string | null;
  /** Is told of all that comes from the first byte on, in the place of whoever listens to the stream. */
  reader?: ByteReader;
}

/** Opens a connection; see `Upstream.connect`. */
export type Connect = (options?: ConnectOptions) => Promise<Duplex>;

/** Opens a connection on which the gateway shows that certificate. */
export type ConnectAs = (certificate: ClientCertificate, options?: ConnectOptions) => Promise<Duplex>;

export interface ConnectionMaker {
  destination: Destination;
  transport: Pick<Transport, "dial" | "endsTls" | "socketOptions">;
}

/** From the first packet until TLS stands. */
const TIMEOUT_MS = 10_000;
/** All sockets are read into it: a silent one needs no buffer of its own, and nothing is made for each piece. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** The one place where a connection to an API server comes from: a transport's stream or socket, and TLS on it where the endpoint is https. */
export function createConnect({ destination, transport }: ConnectionMaker): ConnectAs {
  const endpoint = new URL(destination.endpoint);
  const address = addressOf(endpoint);
  const isSecure = endpoint.protocol === "https:" && transport.endsTls !== true;
  const secure = isSecure ? createClusterTls(destination, address.host) : null;
  return (certificate, { signal, tag = null, reader } = {}) =>
    withinTime(signal, async (limit) => {
      const connection =
        reader !== undefined && transport.socketOptions !== undefined
          ? await openSocket(transport.socketOptions(address), reader, { secure, certificate, limit })
          : await openOn(await transport.dial(address, limit, tag), reader, { secure, certificate, limit });
      // A stream of HTTP/2 stays half open where a socket would not, and TLS on it is as it is: whoever is told of the API server's end
      // by a socket's rules would leave both open, here and at the agent.
      connection.allowHalfOpen = false;
      return connection;
    });
}

function addressOf(endpoint: URL): Address {
  const standardPort = endpoint.protocol === "https:" ? 443 : 80;
  return {
    host: endpoint.hostname.replace(/^\[|\]$/g, ""),
    port: endpoint.port === "" ? standardPort : Number(endpoint.port),
  };
}

interface Opening {
  /** null: the connection speaks no TLS. */
  secure: ClusterTls | null;
  certificate: ClientCertificate;
  limit: AbortSignal;
}

/** A connection on a transport's stream. */
async function openOn(
  stream: Duplex,
  reader: ByteReader | undefined,
  { secure, certificate, limit }: Opening,
): Promise<Duplex> {
  let connection = stream;
  if (secure !== null) {
    let socket: TLSSocket;
    try {
      socket = secure.start(certificate, { socket: stream });
    } catch (error) {
      // A certificate or an authority that cannot be read.
      stream.destroy();
      throw error;
    }
    await whenOpen(socket, "secureConnect", limit);
    connection = carriedLike(stream, socket);
  }
  if (reader !== undefined) connection.on("data", (chunk: Buffer) => reader.onBytes(chunk));
  return connection;
}

/** A connection on a socket that Node itself makes, which it reads without a stream in between. */
async function openSocket(
  dial: TcpNetConnectOpts,
  reader: ByteReader,
  { secure, certificate, limit }: Opening,
): Promise<Duplex> {
  const onread = {
    buffer: READ_BUFFER,
    callback: (size: number) => {
      reader.onBytes(READ_BUFFER.subarray(0, size));
      return true;
    },
  };
  const socket =
    secure === null ? net.connect({ ...dial, onread }) : secure.start(certificate, { ...dial, onread });
  await whenOpen(socket, secure === null ? "connect" : "secureConnect", limit);
  return socket;
}

async function withinTime<T>(
  signal: AbortSignal | undefined,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tookTooLong()), TIMEOUT_MS);
  const onAbort = () => limit.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function tookTooLong(): Error {
  const message = `no connection within ${TIMEOUT_MS / 1_000} s`;
  return Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
