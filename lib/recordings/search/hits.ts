import { TEXT_KIND } from "../../audit/columns/recordings/values/schema.ts";
import { matchesPart } from "../../filter/contains.ts";
import type { RecordingHit } from "./schema.ts";

/** A row of `recording_text`. */
export interface StoredBlock {
  atMs: number;
  kind: number;
  text: string;
  lineMs: number[];
}

/** Of a line that is told, so many characters stand before what was found, and so many are told in all. */
const BEFORE = 80;
const MOST_TEXT = 320;

/** The lines of a block that have the needle. */
export function hitsOf({ atMs, kind, text, lineMs }: StoredBlock, needle: string): RecordingHit[] {
  return text.split("\n").flatMap((line, index) =>
    matchesPart(":", line, needle)
      ? {
          atMs: atMs + (lineMs[index] ?? 0),
          kind: kind === TEXT_KIND.command ? "command" : "output",
          text: around(line, needle),
        }
      : [],
  );
}

function around(line: string, needle: string): string {
  const at = Math.max(0, line.toLowerCase().indexOf(needle.toLowerCase()) - BEFORE);
  const part = line.slice(at, at + MOST_TEXT).toWellFormed();
  return `${at > 0 ? "…" : ""}${part}${at + MOST_TEXT < line.length ? "…" : ""}`;
}
