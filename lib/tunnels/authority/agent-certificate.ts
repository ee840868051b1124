import { createHash, X509Certificate } from "node:crypto";
import { config } from "../../config.ts";
import { issueClientCertificate } from "../../pki/issue-certificate.ts";
import { signingAuthority } from "./kept-authority.ts";

const DAY_MS = 86_400_000;
/** Of its life, from when on it is renewed. */
const RENEWED_FROM = 2 / 3;

/** A certificate as it is given to an agent, and what of it is kept. */
export interface IssuedCertificate {
  /** PEM */
  certificate: string;
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string;
  serial: string;
  endsAt: Date;
  renewAfter: Date;
}

/** Issues an agent's certificate: its subject is the agent's id, and a URI names its cluster. `publicKey` as `readCertificateRequest` gives it. */
export async function issueAgentCertificate({
  agentId,
  clusterId,
  publicKey,
}: {
  agentId: string;
  clusterId: string;
  publicKey: Buffer;
}): Promise<IssuedCertificate> {
  const lifetimeMs = config().agents.certificateLifetimeMs;
  const renewAfter = new Date(Date.now() + lifetimeMs * RENEWED_FROM);
  const certificate = await issueClientCertificate(await signingAuthority(), {
    publicKey,
    commonName: agentId,
    uri: `kubewitness:cluster:${clusterId}`,
    days: lifetimeMs / DAY_MS,
  });
  const { raw, serialNumber, validToDate } = new X509Certificate(certificate);
  const fingerprint = createHash("sha256").update(raw).digest("hex");
  return { certificate, fingerprint, serial: serialNumber, endsAt: validToDate, renewAfter };
}

/** The cluster that a certificate of an agent names; null where it is not an agent's. */
export function clusterOfCertificate({ subjectAltName, keyUsage }: X509Certificate): string | null {
  // RFC 5280, section 4.2.1.12: clientAuth, and nothing else.
  if (keyUsage?.join() !== "1.3.6.1.5.5.7.3.2") return null;
  return /^URI:kubewitness:cluster:([0-9a-f-]{36})$/.exec(subjectAltName ?? "")?.[1] ?? null;
}
