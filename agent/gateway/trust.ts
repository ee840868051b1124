import { X509Certificate } from "node:crypto";
import tls, { type ConnectionOptions } from "node:tls";
import { AUTHORITY_PATH } from "../../lib/tunnels/protocol/endpoints.ts";
import { keyPin } from "../../lib/tunnels/protocol/join-token.ts";
import { AgentError } from "../agent-error.ts";
import type { GatewayAddress } from "../settings/settings.ts";
import { ask } from "./ask.ts";

/** By what the gateway is verified. */
export interface Trust {
  /** PEM. */
  authorities: string[];
  /** Also by the authorities that this machine trusts: the join token had no pin. */
  trustsMachine: boolean;
}

/** A {@link Trust} as options of TLS. */
export function trustOptions({ authorities, trustsMachine }: Trust): ConnectionOptions {
  return { ca: [...authorities, ...(trustsMachine ? machineAuthorities() : [])], rejectUnauthorized: true };
}

/** The authorities of a gateway whose own was changed: the newest, and those before it, which it may still show. */
const MOST_AUTHORITIES = 4;

/** The authorities with one more, if there is one; the newest first. */
export function withAuthority(authorities: readonly string[], added: string | null): string[] {
  const all = [...(added === null ? [] : [added]), ...authorities];
  return [...new Set(all.map((pem) => `${pem.trim()}\n`))].slice(0, MOST_AUTHORITIES);
}

/** Node's own list, and what the machine's administrator added to the system's. */
function machineAuthorities(): string[] {
  return [...tls.getCACertificates("default"), ...tls.getCACertificates("system")];
}

/**
 * The authority that a join token pins, PEM. It is asked for on a connection that proves nothing; nothing secret is sent there, and what
 * comes back counts only where its key has the pin.
 * @throws AgentError where it has another: somebody else answers for the gateway.
 */
export async function pinnedAuthority(
  gateway: GatewayAddress,
  pin: string,
  signal: AbortSignal,
): Promise<string> {
  const answer = await ask(
    gateway,
    { rejectUnauthorized: false },
    { method: "GET", path: AUTHORITY_PATH },
    signal,
  );
  const where = `https://${gateway.host}:${gateway.port}${AUTHORITY_PATH}`;
  if (answer.status !== 200) {
    throw new AgentError(
      `${where} answered ${answer.status}: takes the gateway's own authority, which the join token pins; is KUBEWITNESS_URL the gateway's address, and nothing before it that ends TLS?`,
    );
  }
  const certificate = readCertificate(answer.text);
  if (certificate !== null && keyPin(certificate) === pin) return certificate.toString();
  throw new AgentError(
    `the authority at ${where} is not the one that the join token pins: another gateway answers there, a replica of it without the same tls.certificate and tls.key, or somebody who passes for it. Nothing was sent to it`,
    { final: true },
  );
}

function readCertificate(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}
