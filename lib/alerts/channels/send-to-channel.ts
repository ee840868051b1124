import type { AlertChannel } from "../../../prisma/generated/client.ts";
import type { AlertMessage } from "../message.ts";
import { openChannelSecret, settingsOf } from "./kept.ts";
import type { SendResult } from "./schema.ts";
import { sendEmail } from "./send-email.ts";
import { sendSlack } from "./send-slack.ts";
import { sendWebhook } from "./send-webhook.ts";

/** Sends a message to a channel, once. Never throws: why it was not taken is the result's `error`, also a secret that cannot be opened. */
export async function sendToChannel(
  channel: Pick<AlertChannel, "id" | "settings" | "secret">,
  sent: { id: string; message: AlertMessage },
  signal?: AbortSignal,
): Promise<SendResult> {
  try {
    const secret = channel.secret === null ? null : openChannelSecret(channel.id, channel.secret);
    const settings = settingsOf(channel);
    if (settings.kind === "email") return await sendEmail({ settings, password: secret }, sent, signal);
    if (secret === null) return { error: "its secret is missing: remove the channel, and add it again" };
    if (settings.kind === "slack") return await sendSlack({ url: secret }, sent, signal);
    return await sendWebhook({ url: settings.url, secret }, sent, signal);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
