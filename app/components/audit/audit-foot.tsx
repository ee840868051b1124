"use client";

import { CircleX } from "lucide-react";
import { FootKeys } from "../foot-keys.tsx";
import { formatCount, formatNumber } from "./format-count.ts";
import type { OtherView } from "./other-view.ts";
import { usePagesVersion } from "./table/use-row-pages.ts";
import type { AuditPageModel } from "./use-audit-page.ts";

const KEYS: [string[], string][] = [
  [["j", "k"], "move"],
  [["Enter"], "open"],
  [["/"], "search"],
  [["f"], "filter"],
  [["l"], "live"],
  [["?"], "all keys"],
];

/** The line at the bottom: what the focused row says, and the keys. */
export function AuditFoot<Row extends { no: number }>({
  model,
  otherView,
}: {
  model: AuditPageModel<Row>;
  otherView?: OtherView;
}) {
  return (
    <footer className="foot">
      <div className="foot-peek" aria-live="polite">
        {otherView ? <OtherPeek view={otherView} /> : <RowPeek model={model} />}
      </div>
      <FootKeys keys={KEYS} />
    </footer>
  );
}

function OtherPeek({ view: { focusedIndex, count } }: { view: OtherView }) {
  if (focusedIndex === null || !count) return null;
  return (
    <span className="tabular-nums">
      {formatNumber(focusedIndex + 1)} of {formatCount(count)}
    </span>
  );
}

function RowPeek<Row extends { no: number }>({ model }: { model: AuditPageModel<Row> }) {
  const { pages } = model.rows;
  usePagesVersion(pages);
  const index = model.focused !== null && pages ? pages.indexOf((row) => row.no === model.focused) : -1;
  const row = index >= 0 ? pages?.rowAt(index) : undefined;
  const message = row ? model.surface.messageOf(row) : null;
  if (!row) return null;
  if (model.open.no !== null) {
    return (
      <span className="tabular-nums">
        {formatNumber(index + 1)} of {model.total === null ? "many" : formatNumber(model.total)}
      </span>
    );
  }
  return (
    <>
      {model.surface.isFailure(row) ? <CircleX aria-hidden /> : null}
      <span className="tabular-nums">{formatNumber(row.no)}</span>
      {message ? <span className="message cut">{message}</span> : null}
    </>
  );
}
