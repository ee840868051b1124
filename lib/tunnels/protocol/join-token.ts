import { createHash, randomBytes, type X509Certificate } from "node:crypto";

/** A join token's parts: `kwj_<secret>.<pin>`, or `kwj_<secret>` where the gateway's certificate is one that the agent's machine trusts anyway. */
export interface JoinToken {
  /** 32 random bytes, base64url. The gateway keeps its SHA-256 only. */
  secret: string;
  /** {@link keyPin} of the authority that the gateway's certificate must come from; null: any that the agent's machine trusts. */
  pin: string | null;
}

const FORM = /^kwj_([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{43}))?$/;

/** A secret for a new join token. */
export const createJoinSecret = (): string => randomBytes(32).toString("base64url");

/** The token as it is shown, once. */
export function formatJoinToken({ secret, pin }: JoinToken): string {
  return pin === null ? `kwj_${secret}` : `kwj_${secret}.${pin}`;
}

/** Null: it is no join token. */
export function parseJoinToken(text: string): JoinToken | null {
  const [, secret, pin = null] = FORM.exec(text) ?? [];
  return secret === undefined ? null : { secret, pin };
}

/** The SHA-256 of a certificate's SubjectPublicKeyInfo, base64url: what RFC 7469 section 2.4 pins. */
export function keyPin(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64url");
}
