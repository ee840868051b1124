"use client";

import { CircleX } from "lucide-react";
import { Button } from "../../button.tsx";
import { formatClock } from "../../time/format-time.ts";
import { formatNumber } from "../format-count.ts";
import type { LiveState } from "./live-feed.ts";

/** What happens while one reads: how many rows wait, or that nothing comes. */
export function LiveBanner({
  state,
  problem,
  heardAt,
  timeZone,
  waiting,
  overflow,
  noun,
  onShow,
  onReconnect,
}: {
  state: LiveState;
  problem: string | null;
  /** When something was heard last; null where nothing was. */
  heardAt: number | null;
  timeZone: string;
  waiting: number;
  overflow: boolean;
  noun: { one: string; many: string };
  onShow: () => void;
  onReconnect: () => void;
}) {
  if (state === "lost" || state === "refused") {
    const asOf = heardAt === null ? "" : ` What is shown is as of ${formatClock(heardAt, timeZone)}.`;
    return (
      <div className="banner is-failure" role="alert">
        <CircleX aria-hidden className="text-fail" />
        <span className="cut">
          {state === "lost" ? "Not live: " : "Live has stopped: "}
          {problem ?? "nothing was heard."}
          {asOf}
          {state === "lost" ? " It is tried again by itself." : ""}
        </span>
        <Button size="small" onClick={onReconnect}>
          Try now
        </Button>
      </div>
    );
  }
  if (waiting === 0) return null;
  return (
    <div className="banner" role="status">
      <span className="dot" aria-hidden />
      <span>
        <b>
          {formatNumber(waiting)}
          {overflow ? "+" : ""} new {waiting === 1 ? noun.one : noun.many}
        </b>{" "}
        while you read
      </span>
      <Button size="small" onClick={onShow}>
        Show
      </Button>
    </div>
  );
}
