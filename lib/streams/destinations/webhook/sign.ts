import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

export const newSigningSecret = () => `${PREFIX}${randomBytes(32).toString("base64")}`;

interface Message {
  /** The same however often it is sent: of many, a receiver takes one. */
  id: string;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The headers of Standard Webhooks. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export function signatureHeaders(secret: string, { id, body, at }: Message): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
