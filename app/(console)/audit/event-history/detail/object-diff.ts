import { diffLines, diffWordsWithSpace } from "diff";
import { stringify } from "yaml";

/** A piece of a line; `changed` pieces are what differs from the other side's line. */
interface DiffPiece {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: "same" | "added" | "removed";
  /** One-based; null on the side that does not have the line. */
  before: number | null;
  after: number | null;
  pieces: DiffPiece[];
}

export interface ObjectDiff {
  lines: DiffLine[];
  added: number;
  removed: number;
}

/** Two objects as YAML, line by line. Lines that replace each other show the words that differ. */
export function diffObjects(before: unknown, after: unknown): ObjectDiff {
  const lines: DiffLine[] = [];
  let removed: string[] = [];
  const at = { before: 1, after: 1 };
  const flushRemoved = (added: string[]) => {
    const pairs = removed.length === added.length;
    removed.forEach((text, index) => {
      const pieces = pairs ? piecesOf(text, added[index]!, "removed") : plain(text);
      lines.push({ kind: "removed", before: at.before++, after: null, pieces });
    });
    added.forEach((text, index) => {
      const pieces = pairs ? piecesOf(removed[index]!, text, "added") : plain(text);
      lines.push({ kind: "added", before: null, after: at.after++, pieces });
    });
    removed = [];
  };
  for (const part of diffLines(toYaml(before), toYaml(after))) {
    const texts = part.value.replace(/\n$/, "").split("\n");
    if (part.removed) removed = texts;
    else if (part.added) flushRemoved(texts);
    else {
      flushRemoved([]);
      for (const text of texts) {
        lines.push({ kind: "same", before: at.before++, after: at.after++, pieces: plain(text) });
      }
    }
  }
  flushRemoved([]);
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { lines, added: count("added"), removed: count("removed") };
}

/** Nothing on one side is no text at all, so that a created object is all additions. */
function toYaml(value: unknown): string {
  return value === null || value === undefined ? "" : stringify(value, { lineWidth: 0 });
}

const plain = (text: string): DiffPiece[] => [{ text, changed: false }];

function piecesOf(before: string, after: string, side: "added" | "removed"): DiffPiece[] {
  return diffWordsWithSpace(before, after)
    .filter((part) => (side === "added" ? !part.removed : !part.added))
    .map((part) => ({ text: part.value, changed: Boolean(part[side]) }));
}
