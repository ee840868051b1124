import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";

// version (1 byte) · nonce (12) · tag (16) · ciphertext. NIST SP 800-38D; a nonce is random, and a key seals far fewer than 2^32.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Seals `text` with the installation's encryption key (AES-256-GCM, 32 bytes). `context` says whose secret it is, such as
 * `cluster/<id>`: what is sealed for one cannot be opened as another's.
 */
export function sealText(input: { key: Buffer; context: string; text: string }): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", input.key, nonce).setAAD(additionalData(input.context));
  const sealed = Buffer.concat([cipher.update(input.text, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]));
}

/** @throws AppError `internal` where the key or the context is another, or the bytes were changed. */
export function openSealedText(input: { key: Buffer; context: string; sealed: Uint8Array }): string {
  const bytes = Buffer.from(input.sealed);
  try {
    if (bytes[0] !== VERSION || bytes.length < HEADER_BYTES) throw new Error("not sealed in a known format");
    const decipher = createDecipheriv("aes-256-gcm", input.key, bytes.subarray(1, 1 + NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData(input.context)).setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEADER_BYTES));
    return decipher.update(bytes.subarray(HEADER_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new AppError(
      "internal",
      `The sealed secret of ${input.context} cannot be opened: encryption.key is not the key that sealed it.`,
      { cause },
    );
  }
}

const additionalData = (context: string) => Buffer.from(`kubewitness/${VERSION}/${context}`, "utf8");
