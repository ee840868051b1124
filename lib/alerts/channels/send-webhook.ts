import { sendMessage } from "../../webhooks/delivery/send.ts";
import type { AlertMessage } from "../message.ts";
import type { SendResult } from "./schema.ts";

const TYPES = { fired: "alert.fired", meanwhile: "alert.meanwhile", test: "alert.test" } as const;

/** As Standard Webhooks has it, signed. Of many with one id a receiver takes the first. */
export async function sendWebhook(
  { url, secret }: { url: string; secret: string },
  { id, message }: { id: string; message: AlertMessage },
  signal?: AbortSignal,
): Promise<SendResult> {
  const { kind, at, ...data } = message;
  const body = JSON.stringify({ type: TYPES[kind], timestamp: at, data });
  const { error } = await sendMessage({ url, secret }, { id: `msg_${id.replaceAll("-", "")}`, body }, signal);
  return { error };
}
