import { readAnswerText } from "../answer-text.ts";
import { type ApiServerAnswer, askApiServer } from "../calls/ask-api-server.ts";
import type { Upstream } from "../upstream.ts";

/**
 * As whom the gateway looks at a cluster for itself: its account may impersonate and nothing else, and this group is one that
 * deploy/cluster-rbac.yaml lets it take on, for reading alone. The cluster's audit log has the name.
 */
const READER = { user: "kubewitness:gateway", group: "kubewitness:read-only" };

/** A GET of the gateway's own. The body is to be read, or destroyed. */
export async function readAsGateway(
  upstream: Upstream,
  { path, accept = "application/json", signal }: { path: string; accept?: string; signal: AbortSignal },
): Promise<ApiServerAnswer> {
  const authorization = await upstream.authorization();
  return askApiServer(upstream, {
    path,
    method: "GET",
    headers: [
      ...["Accept", accept, "User-Agent", "kubewitness"],
      ...["Impersonate-User", READER.user, "Impersonate-Group", READER.group],
      ...(authorization === null ? [] : ["Authorization", authorization]),
    ],
    signal,
  });
}

/** The JSON of an answer. @throws where it is longer than `mostBytes`, or no JSON. */
export async function readJson(body: AsyncIterable<Buffer>, mostBytes: number): Promise<unknown> {
  return JSON.parse(await readAnswerText(body, mostBytes));
}

/** Each line of a stream, without its end. @throws where one is longer than `mostBytes`. */
export async function* linesOf(body: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length > mostBytes)
      throw new Error(`a line of the cluster's answer is longer than ${mostBytes} bytes`);
  }
}
