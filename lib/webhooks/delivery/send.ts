import http from "node:http";
import https from "node:https";
import { guardedLookup, requirePermittedHost } from "../../clusters/addresses/address-policy.ts";
import { webhookAddresses } from "./address.ts";
import type { WebhookResult } from "./schema.ts";
import { signMessage } from "./secret.ts";

const TIMEOUT_MS = 10_000;
const MOST_ERROR = 500;

export interface Message {
  /** The same however often it is sent. */
  id: string;
  body: string;
}

/**
 * Sends a message once, in the way of Standard Webhooks. Any status from 200 to 299 says that it was taken; of an answer nothing but its status
 * is read, and no redirect is followed. Never throws: why it was not taken is the result's `error`.
 */
export async function sendMessage(
  { url, secret }: { url: string; secret: string },
  message: Message,
  signal?: AbortSignal,
): Promise<WebhookResult> {
  return postJson(url, message.body, signatureOf(secret, message), signal);
}

/** The same of a message that nobody signs: the address itself is its receiver's secret, and is in no error. */
export async function postJson(
  url: string,
  body: string,
  headers: http.OutgoingHttpHeaders,
  signal?: AbortSignal,
): Promise<WebhookResult> {
  const all = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "user-agent": "Kubewitness",
    ...headers,
  };
  try {
    const status = await post(new URL(url), all, body, signal);
    return { status, error: describeStatus(status) };
  } catch (error) {
    const text = error instanceof Error ? error.message || error.name : String(error);
    return { status: null, error: text.slice(0, MOST_ERROR) };
  }
}

function signatureOf(secret: string, { id, body }: Message): http.OutgoingHttpHeaders {
  const timestamp = Math.floor(Date.now() / 1_000);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signMessage(secret, { id, timestamp, body }),
  };
}

function post(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const policy = webhookAddresses();
  // Node looks nothing up where the host is an address.
  requirePermittedHost(url.hostname, policy);
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    method: "POST",
    headers,
    agent: false,
    lookup: guardedLookup(policy),
    signal: signal ? AbortSignal.any([limit, signal]) : limit,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on("error", (error) =>
      reject(limit.aborted ? new Error(`no answer in ${TIMEOUT_MS / 1_000} s`) : error),
    );
    request.end(body);
  });
}

function describeStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `it answered ${status}: redirects are not followed`;
  return `it answered ${status}`;
}
