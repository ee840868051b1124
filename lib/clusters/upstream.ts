import { CarriedCalls } from "./calls/carried-calls.ts";
import type { ClusterCalls } from "./calls/cluster-call.ts";
import { ConnectionPool } from "./calls/connection-pool.ts";
import { PooledCalls } from "./calls/pooled-calls.ts";
import { chooseTransport } from "./choose-transport.ts";
import {
  type Connect,
  type ConnectAs,
  type ConnectionMaker,
  type ConnectOptions,
  createConnect,
  type Destination,
} from "./connect.ts";
import { openCredential } from "./credentials/sealed.ts";
import {
  type CredentialSource,
  type CurrentCredential,
  createCredentialSource,
} from "./credentials/source.ts";
import type { RegisteredCluster } from "./registry.ts";
import type { Carrier, Transport } from "./transports/transport.ts";
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
  /** For calls: HTTP/1.1 on kept connections that are opened in the same way, as many as there are calls. */
  calls: ClusterCalls;
  /** The Authorization header; null where the gateway proves itself by a certificate. @throws AppError `unavailable`. */
  authorization(): Promise<string | null>;
  /** As `authorization()` where nothing has to be waited for; undefined where something has. */
  authorizationAtHand(): string | null | undefined;
  /** The API server answered 401: the credential that `authorization()` gave last is not used again. @returns whether a second try makes sense. */
  credentialRefused(): boolean;
  close(): Promise<void>;
}

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
  const endpoint = new URL(destination.endpoint);
  const basePath = endpoint.pathname.replace(/\/+$/, "");
  const connectAs = createConnect({ destination, transport });
  const poolBy = (connect: ConnectAs) =>
    new ConnectionPool({
      host: endpoint.host,
      source,
      connect: ({ certificate, ...options }) => connect(certificate, options),
    });
  const connect = async (options?: ConnectOptions) =>
    connectAs((await source.current()).certificate, options);
  const calls =
    transport.carriers === undefined
      ? new PooledCalls(poolBy(connectAs))
      : new CarriedCalls({
          carriers: (tag) => transport.carriers!(tag),
          createPool: (carrier) => poolBy(connectBy(carrier, { destination, transport })),
        });
  return {
    endpoint,
    basePath,
    transport,
    connect,
    calls,
    authorization: async () => {
      last = await source.current();
      return bearer(last);
    },
    authorizationAtHand: () => {
      const present = source.atHand();
      if (present === null) return undefined;
      last = present;
      return bearer(last);
    },
    credentialRefused: () => source.refused(last),
    close: () => calls.close(),
  };
}

const bearer = ({ token }: CurrentCredential): string | null => (token === null ? null : `Bearer ${token}`);

/** Connections by one carrier alone. */
function connectBy(carrier: Carrier, { destination, transport }: ConnectionMaker): ConnectAs {
  const { endsTls } = transport;
  const dial: Transport["dial"] = (_address, signal) => carrier.open(signal);
  return createConnect({ destination, transport: { dial, ...(endsTls !== undefined && { endsTls }) } });
}
