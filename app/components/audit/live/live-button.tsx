"use client";

import { Button } from "../../button.tsx";
import { Tooltip } from "../../tooltip.tsx";
import type { AuditPageModel } from "../use-audit-page.ts";
import type { LiveState } from "./live-feed.ts";

const WORDS: Record<LiveState, { label: string; means: string }> = {
  off: { label: "Live", means: "Watch new rows arrive" },
  connecting: { label: "Connecting", means: "Connecting to the gateway" },
  listening: { label: "Live", means: "Stop watching" },
  stale: { label: "Stale", means: "The connection broke; it is being made again" },
  lost: { label: "Lost", means: "The gateway does not answer; it is asked again" },
  refused: { label: "Stopped", means: "The gateway has refused to go on" },
};

/** Watch new rows arrive: only a range that reaches now has any, and only newest first do they come to the top. */
export function LiveButton<Row extends { no: number }>({ model }: { model: AuditPageModel<Row> }) {
  const on = model.url.live && model.canTail;
  const { label, means } = WORDS[on ? model.live.state : "off"];
  return (
    <Tooltip label={model.canTail ? means : whyNot(model)} keys="l">
      <Button
        aria-pressed={on}
        aria-disabled={!model.canTail}
        className="min-w-[62px]"
        onClick={() => model.canTail && void model.url.setLive(!model.url.live)}
      >
        <i className={`live-dot is-${on ? model.live.state : "off"}`} aria-hidden />
        {label}
      </Button>
    </Tooltip>
  );
}

function whyNot<Row extends { no: number }>({ isOldestFirst, url }: AuditPageModel<Row>): string {
  if (isOldestFirst) return "The oldest stand first: new rows would come at the end";
  return url.brush ? "A part of the time is selected" : "The range lies in the past";
}
