import { createHash, randomInt } from "node:crypto";

/** Consonants alone: no words, and nothing that looks like something else (RFC 8628, section 6.1). 20^8 codes. */
const ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
const LENGTH = 8;
const SHAPE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** What a person types: `WDJB-MJHT`. */
export function createUserCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/** The hash of what somebody typed, in any case, with or without the hyphen; null where it can be no code. */
export function hashUserCode(typed: string): Uint8Array<ArrayBuffer> | null {
  const letters = typed.toUpperCase().replaceAll(/[\s\-–]/g, "");
  if (!SHAPE.test(letters)) return null;
  return new Uint8Array(createHash("sha256").update(letters, "utf8").digest());
}
