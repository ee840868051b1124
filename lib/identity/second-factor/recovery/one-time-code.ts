import { createHash, randomBytes } from "node:crypto";

// Crockford's base32: without letters that look like digits. https://www.crockford.com/base32.html
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A random code to be written down or typed: `characters` of five bits, in groups of `group`. */
export function newOneTimeCode({ characters, group }: { characters: number; group: number }): string {
  const text = [...randomBytes(characters)].map((byte) => ALPHABET[byte & 31]).join("");
  return text.match(new RegExp(`.{1,${group}}`, "g"))?.join("-") ?? "";
}

/** What is stored of it: SHA-256. So many random bits need no slow hash. Case, spaces and hyphens do not count, nor what looks alike. */
export function hashOneTimeCode(code: string): Uint8Array<ArrayBuffer> {
  const plain = code.toLowerCase().replace(/[\s-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  return new Uint8Array(createHash("sha256").update(plain, "utf8").digest());
}
