import type { ChannelView } from "../../../../../lib/alerts/channels/schema.ts";

export const KIND_LABELS: Record<ChannelView["to"]["kind"], string> = {
  webhook: "Webhook",
  slack: "Slack",
  email: "E-mail",
};

/** Where it goes; of a chat the host alone: the whole address is its secret. */
export function destinationOf({ to }: ChannelView): string {
  if (to.kind === "webhook") return to.url;
  return to.kind === "slack" ? to.host : to.to.join(", ");
}
