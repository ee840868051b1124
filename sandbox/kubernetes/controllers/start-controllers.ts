import type { Services } from "../http/call.ts";

export function startControllers(_services: Services): { stop(): void } {
  return { stop: () => undefined };
}
