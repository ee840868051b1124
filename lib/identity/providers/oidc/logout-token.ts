import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { issuerName } from "../../../config/issuer.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import type { LogoutNotice } from "../provider/identity-provider.ts";
import { discoverProvider } from "./metadata.ts";
import { fetchSigningKeys, type SigningKey } from "./signing-keys.ts";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
/** How far the clocks may be apart, and how old a word may be that is not yet known. */
const CLOCK_SKEW_SECONDS = 60;
const MOST_AGE_SECONDS = 120;
const MOST_CHARACTERS = 16_384;

/** How each algorithm is verified (RFC 7518, section 3.1); none, and those of shared secrets, are not taken. */
const ALGORITHMS: Record<string, { hash: string; kty: string; extra?: object }> = {
  RS256: { hash: "sha256", kty: "RSA" },
  RS384: { hash: "sha384", kty: "RSA" },
  RS512: { hash: "sha512", kty: "RSA" },
  PS256: { hash: "sha256", kty: "RSA", extra: { padding: 6, saltLength: 32 } },
  ES256: { hash: "sha256", kty: "EC", extra: { dsaEncoding: "ieee-p1363" } },
  ES384: { hash: "sha384", kty: "EC", extra: { dsaEncoding: "ieee-p1363" } },
};

const Header = z.looseObject({ alg: z.string(), kid: z.string().optional(), typ: z.string().optional() });
const LogoutClaims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number().optional(),
  jti: z.string().min(1).max(500),
  sid: z.string().min(1).max(500).optional(),
  sub: z.string().min(1).max(255).optional(),
  events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  nonce: z.undefined().optional(),
});

/**
 * What a logout token says (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6): signed by the provider, for this client, of now. That
 * it counts once is for who takes it to see.
 * @throws Error that says why it does not count.
 */
export async function readLogoutToken(settings: OidcProviderConfig, token: string): Promise<LogoutNotice> {
  const [head = "", body = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0 || token.length > MOST_CHARACTERS) throw new Error("the logout token is no JWT");
  const header = Header.parse(parsePart(head));
  if (header.typ !== undefined && !/^(application\/)?(logout\+)?jwt$/i.test(header.typ)) {
    throw new Error("the logout token's type is that of another token");
  }
  const claims = LogoutClaims.safeParse(parsePart(body));
  if (!claims.success) {
    throw new Error(
      `the logout token's ${claims.error.issues.map(({ path }) => path.join(".")).join(", ")} is missing or wrong`,
    );
  }
  const notice = readClaims(claims.data, settings);
  // The provider is asked for its keys where a token says what one has to: anybody can send others.
  const keys = await fetchSigningKeys(await discoverProvider(settings));
  if (!isSigned(`${head}.${body}`, Buffer.from(signature, "base64url"), { header, keys })) {
    throw new Error("the logout token is not signed by a key of the provider");
  }
  return notice;
}

function readClaims(
  { iss, aud, iat, exp, jti, sid, sub }: z.infer<typeof LogoutClaims>,
  { clientId, issuer }: OidcProviderConfig,
): LogoutNotice {
  const now = Date.now() / 1_000;
  if (issuerName(iss) !== issuerName(issuer)) throw new Error("the logout token is another issuer's");
  if (![aud].flat().includes(clientId)) throw new Error("the logout token is for another client");
  if (iat > now + CLOCK_SKEW_SECONDS) throw new Error("the logout token is of a time that is still to come");
  if (iat < now - MOST_AGE_SECONDS || (exp !== undefined && exp < now - CLOCK_SKEW_SECONDS)) {
    throw new Error("the logout token has expired");
  }
  if (sid === undefined && sub === undefined) throw new Error("the logout token names neither sid nor sub");
  const expiresAt = new Date((iat + MOST_AGE_SECONDS + CLOCK_SKEW_SECONDS) * 1_000);
  return { id: jti, expiresAt, sessionId: sid ?? null, subject: sub ?? null };
}

function isSigned(
  text: string,
  signature: Buffer,
  { header, keys }: { header: z.infer<typeof Header>; keys: readonly SigningKey[] },
): boolean {
  const algorithm = ALGORITHMS[header.alg];
  if (algorithm === undefined)
    throw new Error(
      `the logout token's algorithm is ${header.alg.slice(0, 20)}: takes ${Object.keys(ALGORITHMS).join(", ")}`,
    );
  const { hash, kty, extra } = algorithm;
  const fitting = keys.filter(
    (key) => key.kty === kty && (header.kid === undefined || key.kid === header.kid),
  );
  return fitting.some((key) => {
    const publicKey = createPublicKey({ key: key as never, format: "jwk" });
    return verify(hash, Buffer.from(text), { key: publicKey, ...extra }, signature);
  });
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    throw new Error("the logout token is no JWT");
  }
}
