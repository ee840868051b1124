import { X509Certificate } from "node:crypto";
import { isUuid } from "../../names/uuid.ts";
import { knownAuthorities } from "../authority/kept-authority.ts";

/**
 * The agent that a proof names by a certificate of this installation's, whether it proves anything or not; null where it names none. A certificate is no secret:
 * for the words of a refusal alone.
 */
export function agentNamedIn(proof: string): string | null {
  const certificate = certificateIn(proof);
  const { certificates } = knownAuthorities();
  const isOurs = certificates.some(
    (authority) => certificate?.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  const id = isOurs ? /^CN=(\S+)$/.exec(certificate!.subject)?.[1] : undefined;
  return id !== undefined && isUuid(id) ? id : null;
}

function certificateIn(proof: string): X509Certificate | null {
  try {
    const header = JSON.parse(Buffer.from(proof.slice(0, proof.indexOf(".")), "base64url").toString());
    return new X509Certificate(Buffer.from(String(header.x5c[0]), "base64"));
  } catch {
    return null;
  }
}
