import type { ConnectionOptions } from "node:tls";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { config } from "../config.ts";
import { type AddressPolicy, guardedLookup, requirePermittedHost } from "./address-policy.ts";
import { openCredential } from "./credentials/sealed.ts";
import { type CurrentCredential, createCredentialSource } from "./credentials/source.ts";
import type { RegisteredCluster } from "./registry.ts";
import { cachedUpstream } from "./upstream-cache.ts";

/** The way to a cluster's API server. */
export interface Upstream {
  /** With a path where the API server stands behind another: it goes before every request's own. */
  endpoint: URL;
  /** For calls: HTTP/1.1, keep-alive, as many connections as there are calls; no time limits, since watches are silent for long. */
  dispatcher: Dispatcher;
  /** For upgrades, which have a connection of their own: `tls.connect` options, or for http endpoints those of `net.connect`. Read it after `authorization()`. */
  readonly tls: ConnectionOptions;
  /** The Authorization header; null where the gateway proves itself by a certificate. @throws AppError `unavailable`. */
  authorization(): Promise<string | null>;
  /** The API server answered 401: the credential that `authorization()` gave last is not used again. @returns whether a second try makes sense. */
  credentialRefused(): boolean;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
// kube-apiserver closes idle connections after 3 minutes, most load balancers after 60 s: the gateway is first.
const KEEP_ALIVE_MS = 50_000;

/** The upstream of a cluster, made once and again when the cluster changes. @throws AppError where it may not be called. */
export function upstreamFor(cluster: RegisteredCluster): Upstream {
  return cachedUpstream(cluster.id, cluster.revision, () => createUpstream(cluster, config().clusters));
}

/** An upstream of one's own (tests); `upstreamFor` shares them. */
export function createUpstream(cluster: RegisteredCluster, policy: AddressPolicy): Upstream {
  const endpoint = new URL(cluster.endpoint);
  requirePermittedHost(endpoint.hostname, policy);
  const credential = cluster.credential
    ? openCredential(cluster, cluster.credential)
    : { kind: "none" as const };
  const source = createCredentialSource(credential, cluster);
  let last: CurrentCredential = { token: null, certificate: null };
  const current = async () => {
    last = await source.current();
    return last;
  };
  const base = connectionOptions(cluster, endpoint, policy);
  const dispatcher = new Pool(endpoint.origin, {
    connect: createConnector(base, current),
    connections: null,
    // A second call on a busy connection would wait for a watch to end.
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    endpoint,
    dispatcher,
    get tls() {
      return { ...base, ...certificateOf(last), ALPNProtocols: ["http/1.1"] };
    },
    authorization: async () => {
      const { token } = await current();
      return token === null ? null : `Bearer ${token}`;
    },
    credentialRefused: () => source.refused(last),
    close: () => dispatcher.close(),
  };
}

function connectionOptions(
  cluster: RegisteredCluster,
  endpoint: URL,
  policy: AddressPolicy,
): ConnectionOptions & { host: string; port: number } {
  const host = endpoint.hostname.replace(/^\[|\]$/g, "");
  const defaultPort = endpoint.protocol === "https:" ? 443 : 80;
  return {
    host,
    port: endpoint.port === "" ? defaultPort : Number(endpoint.port),
    lookup: guardedLookup(policy),
    ...(cluster.certificateAuthority === null ? {} : { ca: cluster.certificateAuthority }),
    ...serverName(cluster, host),
    rejectUnauthorized: !cluster.insecureSkipTlsVerify,
    minVersion: "TLSv1.2",
  };
}

/** RFC 6066, section 3: an address is no server name. */
function serverName({ tlsServerName }: RegisteredCluster, host: string): { servername?: string } {
  if (tlsServerName !== null) return { servername: tlsServerName };
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

const certificateOf = ({ certificate }: CurrentCredential) =>
  certificate ? { cert: certificate.certificate, key: certificate.key } : {};

/** Takes the credential of the moment at each connection: a plugin's certificate changes. */
function createConnector(
  { host: _host, port: _port, ...options }: ConnectionOptions,
  current: () => Promise<CurrentCredential>,
): buildConnector.connector {
  let known: { certificate: CurrentCredential["certificate"]; connect: buildConnector.connector } | null =
    null;
  const connectorFor = (credential: CurrentCredential) => {
    if (known?.certificate !== credential.certificate || known === null) {
      const connectOptions = {
        ...options,
        ...certificateOf(credential),
        timeout: CONNECT_TIMEOUT_MS,
        allowH2: false,
      };
      known = { certificate: credential.certificate, connect: buildConnector(connectOptions) };
    }
    return known.connect;
  };
  return (target, callback) => {
    current().then(
      (credential) => connectorFor(credential)(target, callback),
      (error: Error) => callback(error, null),
    );
  };
}
