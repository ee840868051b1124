import { IDLE_FROM_MS } from "../../../../../../components/recordings/idle.ts";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import type { Watch } from "./use-watch.ts";

const WORDS = {
  connecting: "Connecting",
  watching: "Live",
  broken: "Broken off, connecting again",
  refused: "Not watched",
} as const;

/** Whether what is shown is the session as it is now, and for how long nothing has changed. */
export function WatchMark({ watch: { state, shownAt }, now }: { watch: Watch; now: number | null }) {
  const idle = now !== null && shownAt !== null ? now - shownAt : 0;
  return (
    <span className={`watch-mark is-${state}`} role="status">
      <i aria-hidden />
      {WORDS[state]}
      {state === "watching" && idle >= IDLE_FROM_MS ? (
        <span aria-live="off">, idle {formatPosition(idle)}</span>
      ) : null}
    </span>
  );
}
