"use client";

import { useMemo, useState } from "react";
import { Section } from "../../../../components/audit/detail/facts.tsx";
import { Segmented } from "../../../../components/segmented.tsx";
import { type DiffLine, diffObjects } from "./object-diff.ts";

const LAYOUTS = [
  { value: "unified", label: "Unified" },
  { value: "split", label: "Split" },
] as const;
type Layout = (typeof LAYOUTS)[number]["value"];

/** The object before and after, as a difference of its YAML. */
export function EventChanges({ before, after }: { before: unknown; after: unknown }) {
  const [layout, setLayout] = useState<Layout>("unified");
  const diff = useMemo(() => diffObjects(before ?? null, after ?? null), [before, after]);
  if (diff.lines.length === 0) return null;
  return (
    <Section
      title="Changes"
      note={
        <span className="diff-counts">
          <b className="is-added">+{diff.added}</b> <b className="is-removed">−{diff.removed}</b>
        </span>
      }
      right={<Segmented label="Layout" value={layout} onValueChange={setLayout} options={LAYOUTS} />}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={`diff is-${layout}`} aria-label="Before and after" tabIndex={0}>
        {layout === "unified"
          ? diff.lines.map((line) => <UnifiedLine key={keyOf(line)} line={line} />)
          : pairUp(diff.lines).map((pair) => (
              <SplitLine key={pair.map((line) => line && keyOf(line)).join()} pair={pair} />
            ))}
      </section>
    </Section>
  );
}

const keyOf = ({ before, after }: DiffLine) => `${before}:${after}`;
const SIGN = { same: "", added: "+", removed: "−" } as const;
const SAID = { same: undefined, added: "added", removed: "removed" } as const;

function UnifiedLine({ line }: { line: DiffLine }) {
  return (
    <div className={`diff-line is-${line.kind}`}>
      <i aria-hidden>{line.before}</i>
      <i aria-hidden>{line.after}</i>
      <Sign kind={line.kind} />
      <Text line={line} />
    </div>
  );
}

function SplitLine({ pair }: { pair: [DiffLine | null, DiffLine | null] }) {
  return (
    <div className="diff-pair">
      {pair.map((line, side) => (
        <div key={side === 0 ? "before" : "after"} className={`diff-half is-${line?.kind ?? "empty"}`}>
          <i aria-hidden>{side === 0 ? line?.before : line?.after}</i>
          {line ? <Sign kind={line.kind} /> : <b />}
          {line ? <Text line={line} /> : <span />}
        </div>
      ))}
    </div>
  );
}

function Sign({ kind }: { kind: DiffLine["kind"] }) {
  return (
    <b>
      <span aria-hidden>{SIGN[kind]}</span>
      {SAID[kind] ? <span className="sr-only">{SAID[kind]}: </span> : null}
    </b>
  );
}

function Text({ line }: { line: DiffLine }) {
  return (
    <span>
      {line.pieces.map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the line
        piece.changed ? <mark key={index}>{piece.text}</mark> : piece.text,
      )}
    </span>
  );
}

/** Removed and added lines that follow each other stand side by side. */
function pairUp(lines: readonly DiffLine[]): [DiffLine | null, DiffLine | null][] {
  const pairs: [DiffLine | null, DiffLine | null][] = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at]!.kind === "same") {
      pairs.push([lines[at]!, lines[at]!]);
      at++;
      continue;
    }
    const removed = takeWhile(lines, at, "removed");
    const added = takeWhile(lines, at + removed.length, "added");
    for (let row = 0; row < Math.max(removed.length, added.length); row++) {
      pairs.push([removed[row] ?? null, added[row] ?? null]);
    }
    at += removed.length + added.length;
  }
  return pairs;
}

function takeWhile(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): DiffLine[] {
  const end = lines.findIndex((line, index) => index >= from && line.kind !== kind);
  return lines.slice(from, end < 0 ? undefined : end);
}
