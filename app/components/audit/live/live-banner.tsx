"use client";

import { CircleX } from "lucide-react";
import { Button } from "../../button.tsx";
import { formatNumber } from "../format-count.ts";
import type { LiveState } from "./use-live-tail.ts";

/** What happens while one reads: how many rows wait, or that nothing comes any more. */
export function LiveBanner({
  state,
  waiting,
  overflow,
  noun,
  onShow,
  onReconnect,
}: {
  state: LiveState;
  waiting: number;
  overflow: boolean;
  noun: { one: string; many: string };
  onShow: () => void;
  onReconnect: () => void;
}) {
  if (state === "broken") {
    return (
      <div className="banner is-failure" role="alert">
        <CircleX aria-hidden className="text-fail" />
        <span>Live has stopped: the gateway does not answer. Recording goes on.</span>
        <Button size="small" onClick={onReconnect}>
          Reconnect
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
