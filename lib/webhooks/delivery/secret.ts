import { createHmac, randomBytes } from "node:crypto";
import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

const contextOf = (webhookId: string) => `webhook/${webhookId}`;

/** A new secret, as its receiver is given it. */
export const newWebhookSecret = () => `${PREFIX}${randomBytes(SECRET_BYTES).toString("base64")}`;

export function sealWebhookSecret(webhookId: string, text: string): Uint8Array<ArrayBuffer> {
  return sealText({ key: config().encryption.key, context: contextOf(webhookId), text });
}

export function openWebhookSecret(webhookId: string, sealed: Uint8Array): string {
  return openSealedText({ ...config().encryption, context: contextOf(webhookId), sealed });
}

/** The same, sealed with the key that seals now; null where it was already. */
export function sealWebhookSecretAnew(webhookId: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(webhookId), sealed });
}

/**
 * The value of the header `webhook-signature`: HMAC-SHA256 over id, time and body.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function signMessage(
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): string {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signed = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${signed}`;
}
