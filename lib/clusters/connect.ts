import type { Duplex } from "node:stream";
import tls, { type ConnectionOptions, type TLSSocket } from "node:tls";
import type { CurrentCredential } from "./credentials/source.ts";
import type { RegisteredCluster } from "./registry.ts";
import type { Address, Transport } from "./transports/transport.ts";
import { whenOpen } from "./transports/when-open.ts";

/** How an API server is addressed, and proves that it is the one. */
export type Destination = Pick<
  RegisteredCluster,
  "endpoint" | "certificateAuthority" | "tlsServerName" | "insecureSkipTlsVerify"
>;

export interface ConnectOptions {
  /** Aborted: whoever wanted the connection does not any more. Counts until it is open. */
  signal?: AbortSignal;
}

/** Opens a connection; see `Upstream.connect`. */
export type Connect = (options?: ConnectOptions) => Promise<Duplex>;

export interface ConnectionMaker {
  destination: Destination;
  transport: Transport;
  /** What proves the gateway: asked at each connection, since a plugin's certificate changes. */
  credential(): Promise<CurrentCredential>;
}

/** From the first packet until TLS stands. */
const TIMEOUT_MS = 10_000;

/** The one place where a connection to an API server comes from: a transport's stream, and TLS on it where the endpoint is https. */
export function createConnect({ destination, transport, credential }: ConnectionMaker): Connect {
  const endpoint = new URL(destination.endpoint);
  const address = addressOf(endpoint);
  const secure = endpoint.protocol === "https:" ? createTls(destination, address) : null;
  return async ({ signal } = {}) => {
    const { certificate } = await credential();
    return withinTime(signal, async (limit) => {
      const stream = await transport.dial(address, limit);
      return secure === null ? stream : secure(stream, certificate, limit);
    });
  };
}

function addressOf(endpoint: URL): Address {
  const standardPort = endpoint.protocol === "https:" ? 443 : 80;
  return {
    host: endpoint.hostname.replace(/^\[|\]$/g, ""),
    port: endpoint.port === "" ? standardPort : Number(endpoint.port),
  };
}

type ClientCertificate = CurrentCredential["certificate"];

/** TLS on a transport's stream. A session is taken up again only with the certificate that it began with. */
function createTls(destination: Destination, { host }: Address) {
  const options: ConnectionOptions = {
    host,
    ...(destination.certificateAuthority === null ? {} : { ca: destination.certificateAuthority }),
    ...serverName(destination, host),
    rejectUnauthorized: !destination.insecureSkipTlsVerify,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
  };
  let known: { certificate: ClientCertificate; session: Buffer } | null = null;
  return async (stream: Duplex, certificate: ClientCertificate, signal: AbortSignal): Promise<TLSSocket> => {
    const session = known?.certificate === certificate ? { session: known.session } : {};
    const own = certificate === null ? {} : { cert: certificate.certificate, key: certificate.key };
    let socket: TLSSocket;
    try {
      socket = tls.connect({ ...options, ...own, ...session, socket: stream });
    } catch (error) {
      // A certificate or an authority that cannot be read.
      stream.destroy();
      throw error;
    }
    socket.on("session", (given) => {
      known = { certificate, session: given };
    });
    await whenOpen(socket, "secureConnect", signal);
    return socket;
  };
}

/** RFC 6066, section 3: an address is no server name. */
function serverName({ tlsServerName }: Destination, host: string): { servername?: string } {
  if (tlsServerName !== null) return { servername: tlsServerName };
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
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
