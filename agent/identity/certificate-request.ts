import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A new key on P-256, PKCS #8 in PEM. */
export function createKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** A request for a certificate of a key on P-256 (PKCS #10, RFC 2986), PEM. Its subject is empty: the gateway says who the agent is. */
export function createCertificateRequest(key: string): string {
  const privateKey = createPrivateKey(key);
  const information = der(0x30, VERSION_1, EMPTY_NAME, publicKeyOf(privateKey), NO_ATTRIBUTES);
  const signature = sign("sha256", information, { key: privateKey, dsaEncoding: "der" });
  // A bit string whose last octet has no unused bits.
  const request = der(0x30, information, ECDSA_WITH_SHA256, der(0x03, Buffer.of(0), signature));
  const lines = request.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`;
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "spki", format: "der" });
}

/** A value of DER (ITU-T X.690): tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  return bytes < 0x1_00 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >> 8, bytes & 0xff);
}

const VERSION_1 = der(0x02, Buffer.of(0));
const EMPTY_NAME = der(0x30);
const NO_ATTRIBUTES = der(0xa0);
/** 1.2.840.10045.4.3.2, RFC 5758. */
const ECDSA_WITH_SHA256 = der(0x30, Buffer.from("06082a8648ce3d040302", "hex"));
