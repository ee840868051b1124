import { CircleCheck, CircleDashed, CirclePause, CircleX, History, Unplug } from "lucide-react";
import type { StreamState, StreamView } from "../../../../lib/streams/schema.ts";

const STATES: Readonly<Record<StreamState, { icon: typeof CircleCheck; tone: string; words: string }>> = {
  starting: { icon: CircleDashed, tone: "text-fg-3", words: "Starting" },
  well: { icon: CircleCheck, tone: "text-ok", words: "Running" },
  late: { icon: History, tone: "text-warn", words: "Catching up" },
  failing: { icon: CircleX, tone: "text-fail", words: "Waiting after an error" },
  paused: { icon: CirclePause, tone: "text-fg-3", words: "Paused" },
  stopped: { icon: Unplug, tone: "text-fail", words: "Stopped: gone" },
};

export const stateWords = (state: StreamState): string => STATES[state].words;

/** How a stream does: icon and word, why in the tooltip. */
export function StreamStateMark({ stream: { state, reason } }: { stream: StreamView }) {
  const { icon: Icon, tone, words } = STATES[state];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle ${tone}`} title={reason ?? undefined}>
      <Icon aria-hidden className="size-3.5!" /> {words}
    </span>
  );
}
