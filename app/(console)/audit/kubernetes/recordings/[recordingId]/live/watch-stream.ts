import { z } from "zod";
import { SegmentEvent } from "../../../../../../../lib/recordings/playback/schema.ts";
import { readEventStream } from "../../../../../../components/audit/live/event-stream.ts";
import { wait } from "../../../../../../components/audit/live/waiting.ts";
import { RequestError } from "../../../../../../components/request-error.ts";

const Events = z.object({ events: z.array(SegmentEvent) });
const End = z.object({ reason: z.enum(["over", "broken"]), problem: z.string().nullable() });
const Size = z.object({ columns: z.int().positive(), rows: z.int().positive() });

export type WatchState = "connecting" | "watching" | "broken" | "refused";

const SILENCE_MS = 40_000;
const RETRY_MS = [250, 1_000, 2_000, 3_000] as const;

/** Whoever shows what is watched. */
export interface Watcher {
  /** What was shown comes anew from here on: the connection was made, or made again. */
  onBegin: () => void;
  onEvents: (events: SegmentEvent[]) => void;
  onSize: (size: { columns: number; rows: number }) => void;
  onEnd: () => void;
  onState: (state: WatchState, problem: string | null) => void;
}

/** Watches a running session until it is over, cannot be watched on, or the signal is aborted; a connection that breaks is made again. Never throws. */
export async function watchSession(address: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
  let failures = 0;
  watcher.onState("connecting", null);
  while (!signal.aborted) {
    try {
      const ended = await watchOnce(address, watcher, signal, () => {
        failures = 0;
        watcher.onState("watching", null);
      });
      if (ended) return;
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof RequestError ? error.status : 0;
      // It ended before it could be watched, or while the connection was broken.
      if (status === 404 || status === 409 || status === 410) return watcher.onEnd();
      const problem = error instanceof Error ? error.message : String(error);
      if (status >= 400 && status < 500 && status !== 429) return watcher.onState("refused", problem);
      watcher.onState("broken", problem);
      failures += 1;
    }
    await wait(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? RETRY_MS[0], signal);
  }
}

/** Answers whether there is nothing more to watch; false where only the connection ended. */
async function watchOnce(
  address: string,
  watcher: Watcher,
  signal: AbortSignal,
  onHeard: () => void,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  let begun = false;
  let ended = false;
  const begin = () => {
    if (!begun) watcher.onBegin();
    begun = true;
  };
  try {
    await readEventStream(`${address}/watch`, {
      signal: AbortSignal.any([signal, silence.signal]),
      onHeard: () => {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        onHeard();
      },
      onEvent: ({ name, data }) => {
        begin();
        if (name === "events") watcher.onEvents(Events.parse(JSON.parse(data)).events);
        if (name === "size") watcher.onSize(Size.parse(JSON.parse(data)));
        if (name !== "end") return;
        const { reason, problem } = End.parse(JSON.parse(data));
        if (reason === "broken") watcher.onState("refused", problem);
        else watcher.onEnd();
        ended = true;
      },
    });
  } finally {
    clearTimeout(timer);
  }
  return ended;
}
