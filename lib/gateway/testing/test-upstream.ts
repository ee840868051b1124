import { createCredentialSource } from "../../clusters/credentials/source.ts";
import { directTransport } from "../../clusters/transports/direct.ts";
import type { Transport } from "../../clusters/transports/transport.ts";
import { createUpstream, type Upstream } from "../../clusters/upstream.ts";

export interface TestUpstream {
  url: string;
  /** Of the authority that the API server's certificate is from; null: those that this machine trusts. */
  ca: string | null;
  /** The name in that certificate where it is not the address's. */
  tlsServerName?: string;
  /** Null: the gateway has none. */
  token: string | null;
  transport?: Transport;
}

const TO_THIS_MACHINE = directTransport(() => ({ allowLoopback: true, allowLinkLocal: false }));

/** The product's own way to an API server of a test's. */
export function testUpstream({
  url,
  ca,
  tlsServerName,
  token,
  transport = TO_THIS_MACHINE,
}: TestUpstream): Upstream {
  const cluster = {
    name: "prod",
    endpoint: url,
    certificateAuthority: ca,
    tlsServerName: tlsServerName ?? null,
    insecureSkipTlsVerify: false,
  };
  return createUpstream(cluster, {
    transport,
    source: createCredentialSource(token === null ? { kind: "none" } : { kind: "token", token }, cluster),
  });
}
