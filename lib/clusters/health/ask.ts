import { askApiServer } from "../calls/ask-api-server.ts";
import type { Upstream } from "../upstream.ts";

const MOST_ANSWER_BYTES = 64 * 1024;

export interface Answer {
  status: number;
  /** As parsed from JSON; null where it is none, or longer than 64 KB. */
  body: unknown;
  /** From the request to the answer's head, milliseconds. */
  tookMs: number;
}

/** One call to a cluster's API server as the gateway itself. */
export async function ask(
  upstream: Upstream,
  {
    method,
    path,
    body,
    signal,
  }: { method: "GET" | "POST"; path: string; body?: object; signal: AbortSignal },
): Promise<Answer> {
  const authorization = await upstream.authorization();
  const since = performance.now();
  const answer = await askApiServer(upstream, {
    method,
    path,
    signal,
    ...(body && { body: JSON.stringify(body) }),
    headers: [
      ...["Accept", "application/json", "Content-Type", "application/json", "User-Agent", "kubewitness"],
      ...(authorization === null ? [] : ["Authorization", authorization]),
    ],
  });
  const tookMs = performance.now() - since;
  return { status: answer.statusCode, body: await readJson(answer.body), tookMs };
}

async function readJson(stream: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}
