import { setTimeout as wait } from "node:timers/promises";
import { AgentError } from "./agent-error.ts";
import { errorText, type Log } from "./log.ts";
import { reconnectPause } from "./tunnel/reconnect-pause.ts";

/** Does the work, again where it failed for a reason that may pass. @returns null where it was asked to stop. @throws AgentError that is final. */
export async function keepTrying<Result>(
  work: () => Promise<Result>,
  { log, stop }: { log: Log; stop: AbortSignal },
): Promise<Result | null> {
  for (let failures = 1; !stop.aborted; failures++) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted) break;
      if (error instanceof AgentError && error.final) throw error;
      log.warn({ error: errorText(error) }, "not joined; it is tried again");
      await wait(reconnectPause(failures), undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return null;
}
