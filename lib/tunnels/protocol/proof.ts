import { createPublicKey, type KeyObject, randomUUID, sign, verify, X509Certificate } from "node:crypto";

// An agent proves itself by a JWT (RFC 7519) that its key has signed, with its certificate in the header: a client certificate of TLS would be lost at
// whatever ends TLS before the gateway.

/** What a proof is for: one for a renewal opens no connection. */
export type ProofPurpose = "connect" | "renew";

/** The longest that a proof may be good for, seconds. */
export const PROOF_SECONDS = 60;
/** How far the clocks of agent and gateway may be apart, seconds. */
export const CLOCK_SKEW_SECONDS = 60;
const MOST_PROOF_BYTES = 8 * 1024;

export interface ProofClaims {
  /** The agent's id, twice: nobody proves another (RFC 7523, section 3). */
  iss: string;
  sub: string;
  /** The installation: {@link RenewAnswer.audience}. */
  aud: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
  /** Counts once. */
  jti: string;
  purpose: ProofPurpose;
}

/** A proof for the header `Authorization: Bearer <proof>`. `certificate`: PEM. */
export function createProof({
  agentId,
  audience,
  purpose,
  certificate,
  key,
  now = Date.now(),
}: {
  agentId: string;
  audience: string;
  purpose: ProofPurpose;
  certificate: string;
  key: KeyObject;
  /** Milliseconds since 1970. */
  now?: number;
}): string {
  const iat = Math.floor(now / 1_000);
  const claims: ProofClaims = {
    iss: agentId,
    sub: agentId,
    aud: audience,
    iat,
    exp: iat + PROOF_SECONDS,
    jti: randomUUID(),
    purpose,
  };
  // RFC 7515, section 4.1.6: base64, not base64url, of DER.
  const x5c = [new X509Certificate(certificate).raw.toString("base64")];
  const signed = `${encode({ alg: "ES256", typ: "JWT", x5c })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

/** Why a proof is none, in words for the agent's log. */
export class ProofError extends Error {
  override name = "ProofError";
}

/** What is proved, but for the agent's not being revoked and the `jti` not being used, which whoever asks has to know. */
export interface Proved {
  claims: ProofClaims;
  /** The agent's certificate. */
  certificate: X509Certificate;
}

/**
 * Reads a proof: signed by the key of a certificate that one of `authorities` has issued to the agent `iss`, for this installation and
 * purpose, now. @throws ProofError.
 */
export function readProof(
  text: string,
  {
    authorities,
    audience,
    purpose,
    now = Date.now(),
  }: {
    authorities: readonly X509Certificate[];
    audience: string;
    purpose: ProofPurpose;
    /** Milliseconds since 1970. */
    now?: number;
  },
): Proved {
  if (text.length > MOST_PROOF_BYTES) throw new ProofError("the proof is too long");
  const [header, payload, signature, ...more] = text.split(".");
  if (!header || !payload || !signature || more.length > 0) throw new ProofError("the proof is no JWT");
  const certificate = certificateOf(decode(header));
  requireIssued(certificate, { authorities, now });
  const key = createPublicKey(certificate.publicKey.export({ type: "spki", format: "pem" }));
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new ProofError("the certificate's key is not on P-256");
  }
  const isSigned = verify(
    "sha256",
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) throw new ProofError("the proof is not signed by the certificate's key");
  const claims = requireClaims(decode(payload), { audience, purpose, now });
  if (commonName(certificate) !== claims.sub) throw new ProofError("the certificate is another agent's");
  return { claims, certificate };
}

function certificateOf(header: Record<string, unknown>): X509Certificate {
  const { alg, x5c } = header;
  // RFC 8725, section 3.1: the algorithm is ours to say.
  if (alg !== "ES256") throw new ProofError("the proof is not signed with ES256");
  if ("crit" in header) throw new ProofError("the proof has critical headers, which nobody knows");
  const [first] = Array.isArray(x5c) ? x5c : [];
  if (typeof first !== "string") throw new ProofError("the proof has no certificate (x5c)");
  try {
    return new X509Certificate(Buffer.from(first, "base64"));
  } catch {
    throw new ProofError("the proof's certificate cannot be read");
  }
}

function requireIssued(
  certificate: X509Certificate,
  { authorities, now }: { authorities: readonly X509Certificate[]; now: number },
): void {
  const isOurs = authorities.some(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  if (!isOurs) throw new ProofError("the certificate is not of this installation's authority");
  if (certificate.ca) throw new ProofError("the certificate is an authority's, not an agent's");
  if (now < certificate.validFromDate.getTime()) throw new ProofError("the certificate is not valid yet");
  if (now > certificate.validToDate.getTime()) {
    throw new ProofError(`the certificate ended at ${certificate.validToDate.toISOString()}: join again`);
  }
}

function requireClaims(
  claims: Record<string, unknown>,
  { audience, purpose, now }: { audience: string; purpose: ProofPurpose; now: number },
): ProofClaims {
  const { iss, sub, aud, iat, exp, jti } = claims;
  const seconds = now / 1_000;
  if (typeof iss !== "string" || typeof sub !== "string" || iss !== sub) {
    throw new ProofError("iss and sub are not the same agent");
  }
  if (aud !== audience) throw new ProofError(`the proof is for ${JSON.stringify(aud)}, not for ${audience}`);
  if (claims.purpose !== purpose) throw new ProofError(`the proof is not for: ${purpose}`);
  if (typeof jti !== "string" || jti.length < 16 || jti.length > 64) throw new ProofError("jti is none");
  if (typeof iat !== "number" || typeof exp !== "number" || !(exp - iat <= PROOF_SECONDS)) {
    throw new ProofError(`the proof is good for longer than ${PROOF_SECONDS} s`);
  }
  if (iat - CLOCK_SKEW_SECONDS > seconds || exp + CLOCK_SKEW_SECONDS < seconds) {
    throw new ProofError("the proof is not good at this time: are the clocks of agent and gateway the same?");
  }
  return { iss, sub, aud: audience, iat, exp, jti, purpose };
}

function commonName(certificate: X509Certificate): string | undefined {
  const lines = certificate.subject?.split("\n") ?? [];
  return lines.length === 1 ? lines[0]?.match(/^CN=(.+)$/)?.[1] : undefined;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ProofError("the proof is no JWT");
}
