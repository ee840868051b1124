import http, { type IncomingMessage } from "node:http";
import { log } from "../../../log.ts";
import { addLink } from "../links.ts";
import { RemoteLink } from "./remote-link.ts";
import { CALLS_PATH, type CallCounts, LINKS_PATH, type ToldLink, ToldLinks } from "./told-links.ts";

const RETRY_MS = 250;
const TELL_CALLS_MS = 2_000;

/** Knows the agents' connections that the process at a Unix socket has, as ways of this process, until it is stopped. */
export function followLinks(socketPath: string): { stop(): void } {
  const links = new Map<string, RemoteLink>();
  let stopped = false;
  let request: http.ClientRequest | null = null;
  let retry: NodeJS.Timeout | null = null;
  const follow = () => {
    request = http.get({ socketPath, path: LINKS_PATH }, (answer) => {
      readLines(answer, (told) => take(socketPath, links, told));
      answer.once("close", again);
    });
    // It is not there yet, or no more.
    request.once("error", again);
  };
  const again = () => {
    take(socketPath, links, []);
    if (stopped || retry !== null) return;
    retry = setTimeout(() => {
      retry = null;
      follow();
    }, RETRY_MS).unref();
  };
  follow();
  const telling = setInterval(() => tellCalls(socketPath, links.values()), TELL_CALLS_MS).unref();
  return {
    stop: () => {
      stopped = true;
      clearInterval(telling);
      if (retry !== null) clearTimeout(retry);
      request?.destroy();
      take(socketPath, links, []);
    },
  };
}

function take(socketPath: string, links: Map<string, RemoteLink>, told: readonly ToldLink[]): void {
  const ids = new Set(told.map(({ id }) => id));
  for (const [id, link] of links) {
    if (ids.has(id)) continue;
    links.delete(id);
    link.close();
  }
  for (const each of told) {
    const known = links.get(each.id);
    if (known) known.update(each);
    else {
      const link = new RemoteLink(socketPath, each);
      links.set(each.id, link);
      addLink(link);
    }
  }
}

function readLines(answer: IncomingMessage, onLinks: (told: ToldLink[]) => void): void {
  let text = "";
  answer.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    // Each says all: only the last one counts.
    const last = lines.at(-1);
    if (last !== undefined) onLinks(ToldLinks.parse(JSON.parse(last)));
  });
  answer.on("error", (error) =>
    log.debug({ err: error }, "another process's agents are not followed any more"),
  );
}

function tellCalls(socketPath: string, links: Iterable<RemoteLink>): void {
  const counts: CallCounts = {};
  for (const link of links) {
    const calls = link.calls.take();
    if (calls > 0) counts[link.id] = calls;
  }
  if (Object.keys(counts).length === 0) return;
  const request = http.request({ socketPath, path: CALLS_PATH, method: "POST" }, (answer) => answer.resume());
  // A process that is gone has nothing to count for.
  request.on("error", () => undefined);
  request.end(JSON.stringify(counts));
}
