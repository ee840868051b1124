import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";

// version (1 byte) · nonce (12) · tag (16) · ciphertext. NIST SP 800-38D; a nonce is random, and a key seals far fewer than 2^32.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

interface Sealing {
  /** 32 bytes. */
  key: Buffer;
  context: string;
}

/**
 * Seals `data` with the installation's encryption key (AES-256-GCM, 32 bytes). `context` says whose secret it is, such as
 * `cluster/<id>`: what is sealed for one cannot be opened as another's.
 */
export function sealBytes({ key, context, data }: Sealing & { data: Uint8Array }): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(additionalData(context));
  const sealed = [cipher.update(data), cipher.final()];
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...sealed]);
}

/** The same of a text. */
export function sealText({ key, context, text }: Sealing & { text: string }): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sealBytes({ key, context, data: Buffer.from(text, "utf8") }));
}

/** What opens what was sealed: the key that seals now, or one that did before it. */
interface Opening extends Sealing {
  formerKeys?: readonly Buffer[];
  sealed: Uint8Array;
}

/** @throws AppError `internal` where none of the keys sealed it, the context is another, or the bytes were changed. */
export const openSealedBytes = (input: Opening): Buffer => open(input).data;

/** The same of a text. */
export const openSealedText = (input: Opening): string => openSealedBytes(input).toString("utf8");

/**
 * The same, sealed with the key that seals now; null where it was already.
 * @throws AppError `internal` where none of the keys opens it.
 */
export function sealAnew(input: Opening): Uint8Array<ArrayBuffer> | null {
  const { data, by } = open(input);
  const { key, context } = input;
  return by === key ? null : new Uint8Array(sealBytes({ key, context, data }));
}

/** What was sealed, and which of the keys opened it. */
function open({ key, formerKeys = [], context, sealed }: Opening): { data: Buffer; by: Buffer } {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  let cause: unknown;
  for (const by of [key, ...formerKeys]) {
    try {
      return { data: openWith(by, context, bytes), by };
    } catch (error) {
      cause = error;
    }
  }
  throw new AppError(
    "internal",
    `The sealed secret of ${context} cannot be opened: encryption.key is not the key that sealed it.`,
    { cause },
  );
}

function openWith(key: Buffer, context: string, bytes: Buffer): Buffer {
  if (bytes[0] !== VERSION || bytes.length < HEADER_BYTES) throw new Error("not sealed in a known format");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(additionalData(context)).setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES)), decipher.final()]);
}

const additionalData = (context: string) => Buffer.from(`kubewitness/${VERSION}/${context}`, "utf8");
