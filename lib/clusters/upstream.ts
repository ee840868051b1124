import type { Socket } from "node:net";
import { type Dispatcher, Pool } from "undici";
import { chooseTransport } from "./choose-transport.ts";
import { type Connect, createConnect, type Destination } from "./connect.ts";
import { openCredential } from "./credentials/sealed.ts";
import {
  type CredentialSource,
  type CurrentCredential,
  createCredentialSource,
} from "./credentials/source.ts";
import type { RegisteredCluster } from "./registry.ts";
import type { Transport } from "./transports/transport.ts";
import { cachedUpstream } from "./upstream-cache.ts";

/** The way to a cluster's API server. */
export interface Upstream {
  endpoint: URL;
  /** Goes before every request's own path where the API server stands below one: `/clusters/a`, or empty. */
  basePath: string;
  /** By what this way goes. */
  transport: Transport;
  /**
   * Opens a connection of one's own: for https with TLS, in which the API server has proved itself and the gateway has shown its client
   * certificate, if it has one. At most 10 s once there is a credential. Rejects as {@link Transport.dial} does, with Node's code of a TLS error, or with the
   * AppError of a credential that cannot be had.
   */
  connect: Connect;
  /** For calls: HTTP/1.1 on kept connections that `connect` opened, as many as there are calls; no time limits, since watches are silent for long. */
  dispatcher: Dispatcher;
  /** The Authorization header; null where the gateway proves itself by a certificate. @throws AppError `unavailable`. */
  authorization(): Promise<string | null>;
  /** The API server answered 401: the credential that `authorization()` gave last is not used again. @returns whether a second try makes sense. */
  credentialRefused(): boolean;
  close(): Promise<void>;
}

// kube-apiserver closes idle connections after 3 minutes, most load balancers after 60 s: the gateway is first.
const KEEP_ALIVE_MS = 50_000;

/**
 * The upstream by which a call goes to its cluster: made once for each transport, and again when the cluster changes.
 * @throws AppError where the cluster's credential cannot be opened.
 */
export function upstreamFor(cluster: RegisteredCluster): Upstream {
  const transport = chooseTransport(cluster);
  return cachedUpstream(cluster, transport, () => openUpstream(cluster, transport));
}

/** An upstream of one's own; `upstreamFor` shares them. @throws AppError where the credential cannot be opened. */
export function openUpstream(cluster: RegisteredCluster, transport: Transport): Upstream {
  const credential = cluster.credential
    ? openCredential(cluster, cluster.credential)
    : { kind: "none" as const };
  return createUpstream(cluster, { transport, source: createCredentialSource(credential, cluster) });
}

/** An upstream from its parts. */
export function createUpstream(
  destination: Destination,
  { transport, source }: { transport: Transport; source: CredentialSource },
): Upstream {
  let last: CurrentCredential = { token: null, certificate: null };
  const credential = async () => {
    last = await source.current();
    return last;
  };
  const endpoint = new URL(destination.endpoint);
  const connect = createConnect({ destination, transport, credential });
  const dispatcher = createPool(endpoint, connect);
  return {
    endpoint,
    basePath: endpoint.pathname.replace(/\/+$/, ""),
    transport,
    connect,
    dispatcher,
    authorization: async () => {
      const { token } = await credential();
      return token === null ? null : `Bearer ${token}`;
    },
    credentialRefused: () => source.refused(last),
    close: () => dispatcher.close(),
  };
}

function createPool(endpoint: URL, connect: Connect): Pool {
  return new Pool(endpoint.origin, {
    connect: (_target, callback) => {
      connect().then(
        // undici asks of it what every Duplex has.
        (stream) => callback(null, stream as Socket),
        (error: Error) => callback(error, null),
      );
    },
    connections: null,
    // A second call on a busy connection would wait for a watch to end.
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}
