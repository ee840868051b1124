import { createHash, hash, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

// A prefix that secret scanners know, 256 random bits, and a checksum, so that a scanner can tell a token from a look-alike and a
// typing error is told without a query.
const PREFIXES = {
  token: "kw_",
  applicationSecret: "kws_",
  scimToken: "kwp_",
  authorizationCode: "kwa_",
  deviceCode: "kwd_",
  refreshToken: "kwr_",
} as const;
export type CredentialKind = keyof typeof PREFIXES;

const RANDOM_BYTES = 32;
const RANDOM_CHARACTERS = 43;
const CHECKSUM_CHARACTERS = 8;
const SHAPE = new RegExp(`^[A-Za-z0-9_-]{${RANDOM_CHARACTERS}}[0-9a-f]{${CHECKSUM_CHARACTERS}}$`);

/** A new credential: the prefix of its kind, 43 characters of base64url (32 random bytes), CRC-32 of all before it in hex. */
export function createCredential(kind: CredentialKind): string {
  return writeCredential(kind, randomBytes(RANDOM_BYTES));
}

/** The same of bytes that are known. */
export function writeCredential(kind: CredentialKind, bytes: Uint8Array): string {
  const body = PREFIXES[kind] + Buffer.from(bytes).toString("base64url");
  return body + checksum(body);
}

/** The random bytes of a credential that is well formed. */
export function bytesOf(kind: CredentialKind, credential: string): Uint8Array<ArrayBuffer> {
  const start = PREFIXES[kind].length;
  return new Uint8Array(Buffer.from(credential.slice(start, start + RANDOM_CHARACTERS), "base64url"));
}

/** Whether the text can be a credential of that kind at all. */
export function isWellFormed(kind: CredentialKind, text: string): boolean {
  if (!text.startsWith(PREFIXES[kind]) || !SHAPE.test(text.slice(PREFIXES[kind].length))) return false;
  const body = text.slice(0, -CHECKSUM_CHARACTERS);
  return checksum(body) === text.slice(-CHECKSUM_CHARACTERS);
}

/**
 * What is stored of a credential. 256 random bits need no salt and no slow hash; looking up by the hash reveals nothing of the
 * credential by its timing.
 */
export function hashCredential(credential: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(credential, "utf8").digest());
}

/** The same hash in base64: what is known of a credential in memory is kept by it, so that the credential itself is not. */
export function credentialKey(credential: string): string {
  return hash("sha256", credential, "base64");
}

/** Constant-time. */
export function hashesMatch(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(CHECKSUM_CHARACTERS, "0");
}
