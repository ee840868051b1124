import type { WebhookResult } from "./schema.ts";
import { openWebhookSecret } from "./secret.ts";
import { type Message, sendMessage } from "./send.ts";

/** Sends a message to a stored destination, once. Of many with one id a receiver takes the first. */
export function sendTo(
  { id: webhookId, url, secret }: { id: string; url: string; secret: Uint8Array },
  { id, body }: Message,
  signal?: AbortSignal,
): Promise<WebhookResult> {
  const destination = { url, secret: openWebhookSecret(webhookId, secret) };
  return sendMessage(destination, { id: `msg_${id.replaceAll("-", "")}`, body }, signal);
}
