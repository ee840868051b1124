import type { OnReadOpts, TcpNetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import tls, { type ConnectionOptions, type SecureContext, type TLSSocket } from "node:tls";
import type { ClientCertificate } from "./credentials/source.ts";
import type { RegisteredCluster } from "./registry.ts";

/** How an API server proves that it is the one. */
export type TlsDestination = Pick<
  RegisteredCluster,
  "certificateAuthority" | "tlsServerName" | "insecureSkipTlsVerify"
>;

/** What TLS is spoken on: a stream, or a socket that Node is to make. */
type Below = { socket: Duplex } | (TcpNetConnectOpts & { onread: OnReadOpts });

/** TLS with one API server. */
export interface ClusterTls {
  /** Begins it; `secureConnect` tells that it stands. @throws where a certificate or an authority cannot be read. */
  start(certificate: ClientCertificate, below: Below): TLSSocket;
}

/** What connections with the same client certificate share: a session is taken up again with no other one. */
interface Shared {
  certificate: ClientCertificate;
  /** One for all: made for each connection, it would read the authorities anew and keep a copy of its own. */
  secureContext: SecureContext;
  session?: Buffer;
}

/**
 * The protocol as TLS writes it (RFC 7301, section 3.1). Node copies it for each connection: a list, or a Buffer, into a slab of 64 KB that the connection then holds as long
 * as it lives; a view like this one into nine bytes of its own.
 */
const HTTP1 = new DataView(Uint8Array.of("http/1.1".length, ...Buffer.from("http/1.1")).buffer);

export function createClusterTls(destination: TlsDestination, host: string): ClusterTls {
  const options: ConnectionOptions = {
    host,
    ...serverName(destination, host),
    rejectUnauthorized: !destination.insecureSkipTlsVerify,
    ALPNProtocols: HTTP1,
  };
  let shared: Shared | null = null;
  return {
    start(certificate, below) {
      if (shared === null || shared.certificate !== certificate)
        shared = { certificate, secureContext: contextOf(destination, certificate) };
      const own = shared;
      const { secureContext, session } = own;
      // Node's types know `onread` only where there is no TLS.
      const socket = tls.connect({
        ...options,
        secureContext,
        ...(session && { session }),
        ...below,
      } as ConnectionOptions);
      socket.on("session", (session) => {
        own.session = session;
      });
      return socket;
    },
  };
}

function contextOf({ certificateAuthority }: TlsDestination, certificate: ClientCertificate): SecureContext {
  return tls.createSecureContext({
    minVersion: "TLSv1.2",
    ...(certificateAuthority !== null && { ca: certificateAuthority }),
    ...(certificate !== null && { cert: certificate.certificate, key: certificate.key }),
  });
}

/** RFC 6066, section 3: an address is no server name. */
function serverName({ tlsServerName }: TlsDestination, host: string): { servername?: string } {
  if (tlsServerName !== null) return { servername: tlsServerName };
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
