import { postJson } from "../../webhooks/delivery/send.ts";
import type { AlertMessage } from "../message.ts";
import { headlineOf, linesOf } from "./describe.ts";
import type { SendResult } from "./schema.ts";

// What Slack's messages are told apart by. https://docs.slack.dev/messaging/formatting-message-text#escaping
const ESCAPED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escapeText = (text: string) => text.replaceAll(/[&<>]/g, (character) => ESCAPED[character]!);

/** To an incoming webhook of Slack, or of what takes the same. */
export async function sendSlack(
  { url }: { url: string },
  { message }: { message: AlertMessage },
  signal?: AbortSignal,
): Promise<SendResult> {
  const link = message.kind === "test" ? [] : [`<${message.href}|Show the list>`];
  const text = [`*${escapeText(headlineOf(message))}*`, ...linesOf(message).map(escapeText), ...link].join(
    "\n",
  );
  const { error } = await postJson(url, JSON.stringify({ text }), {}, signal);
  return { error };
}
