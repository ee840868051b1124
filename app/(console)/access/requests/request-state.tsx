import type { RequestState } from "../../../../lib/access/requests/schema.ts";

const WORDS: Record<RequestState, { word: string; look: string }> = {
  open: { word: "Waits for an answer", look: "text-warn" },
  active: { word: "Active", look: "text-ok" },
  refused: { word: "Refused", look: "text-fail" },
  withdrawn: { word: "Withdrawn", look: "text-fg-3" },
  lapsed: { word: "Not answered in time", look: "text-fg-3" },
  expired: { word: "Over", look: "text-fg-3" },
  ended: { word: "Ended early", look: "text-fg-3" },
};

/** The state of a request, in words. */
export function StateMark({ state }: { state: RequestState }) {
  const { word, look } = WORDS[state];
  return <span className={look}>{word}</span>;
}
