import { createHash, randomBytes } from "node:crypto";
import { bytesOf, hashCredential, isWellFormed, writeCredential } from "../../tokens/format.ts";

/** The first half of a refresh token's random bytes is the login's, the second this token's own: 128 bits each. */
const FAMILY_BYTES = 16;

export interface NewRefreshToken {
  token: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  familyHash: Uint8Array<ArrayBuffer>;
}

/** A refresh token of a family that begins with it, or of the one that `of` is of. */
export function createRefreshToken(of?: string): NewRefreshToken {
  const family = of === undefined ? randomBytes(FAMILY_BYTES) : familyOf(of);
  const token = writeCredential("refreshToken", Buffer.concat([family, randomBytes(FAMILY_BYTES)]));
  return { token, tokenHash: hashCredential(token), familyHash: sha256(family) };
}

/** By what the login of a refresh token is found, whichever of its tokens it is; null for what can be none. */
export function familyHashOf(token: string): Uint8Array<ArrayBuffer> | null {
  return isWellFormed("refreshToken", token) ? sha256(familyOf(token)) : null;
}

const familyOf = (token: string) => bytesOf("refreshToken", token).subarray(0, FAMILY_BYTES);

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
