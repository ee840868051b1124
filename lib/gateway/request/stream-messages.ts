import type { RequestInfo } from "./request-info.ts";

/** What the two rows of a long-running call that is no session say. */
export function streamMessages(info: RequestInfo): { start: string; end: string } {
  const what = info.subresource === "log" ? "Log stream" : "Watch";
  return { start: `${what} started`, end: `${what} ended` };
}
