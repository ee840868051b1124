import type { Permit } from "../../../access/policy/decision.ts";
import { readAnswerText } from "../../../clusters/answer-text.ts";
import { askApiServer } from "../../../clusters/calls/ask-api-server.ts";
import type { Upstream } from "../../call/gateway.ts";

const ANSWER_MS = 5_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** What a cluster answered: its JSON, where it is any. */
export interface ClusterAnswer {
  statusCode: number;
  json: unknown;
}

export interface ClusterQuestion {
  upstream: Upstream;
  /** Of the identity that asks. */
  headersOf(permit: Permit): Promise<string[]>;
}

/** Asks the cluster as the identity of a permit. Rejects where no answer came in time, or one that is too long. */
export async function askCluster(
  { upstream, headersOf }: ClusterQuestion,
  permit: Permit,
  asks: { method: "GET" | "POST"; path: string; accept: string; body?: object },
): Promise<ClusterAnswer> {
  const { statusCode, body } = await askApiServer(upstream, {
    path: asks.path,
    method: asks.method,
    headers: [
      ...["Accept", asks.accept],
      ...(asks.body ? ["Content-Type", "application/json"] : []),
      ...(await headersOf(permit)),
    ],
    ...(asks.body && { body: JSON.stringify(asks.body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { statusCode, json: parse(await readAnswerText(body, MOST_BYTES)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
