import type { WebhookResult } from "./schema.ts";
import { openWebhookSecret } from "./secret.ts";
import { type Message, sendMessage } from "./send.ts";

/**
 * Sends a message to a stored destination, once. Of many with one id a receiver takes the first. A secret that cannot be opened is why it was
 * not taken, as any other reason is.
 */
export async function sendTo(
  { id: webhookId, url, secret }: { id: string; url: string; secret: Uint8Array },
  { id, body }: Message,
  signal?: AbortSignal,
): Promise<WebhookResult> {
  let opened: string;
  try {
    opened = openWebhookSecret(webhookId, secret);
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
  return sendMessage({ url, secret: opened }, { id: `msg_${id.replaceAll("-", "")}`, body }, signal);
}
