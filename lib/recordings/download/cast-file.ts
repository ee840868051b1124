import type { CastEvent, CastEventCode } from "../cast/cast-event.ts";
import type { CastHeader } from "../cast/cast-header.ts";
import { describeContent } from "./describe-content.ts";

/** Writes a recording as a file of one format, piece by piece. */
export interface CastFileWriter {
  mediaType: string;
  extension: string;
  begin(header: CastHeader): string;
  write(events: readonly CastEvent[]): string;
  /** `problem`: why the recording is not told to its end, a sentence; null where it is. */
  end(problem: string | null): string;
}

/** What players know of an event. Output to stderr is output; what is no text is told by a marker. */
export function playable({ atMs, code, data }: CastEvent): CastEvent {
  if (code === "e") return { atMs, code: "o", data };
  return code === "f" || code === "b"
    ? { atMs, code: "m", data: describeContent({ code, data }) }
    : { atMs, code, data };
}

/** The time of a version's event: since the one before, or since the start. */
type TimeOf = (atMs: number, beforeMs: number) => number;

/** An asciicast's lines; `leftOut`: what its version does not know. */
export function castLines({
  header,
  timeOf,
  leftOut,
}: {
  header: (header: CastHeader) => object;
  timeOf: TimeOf;
  leftOut: readonly CastEventCode[];
}): CastFileWriter {
  let beforeMs = 0;
  const line = ({ atMs, code, data }: CastEvent): string => {
    const time = (timeOf(atMs, beforeMs) / 1_000).toFixed(3);
    beforeMs = atMs;
    return `[${time}, "${code}", ${JSON.stringify(data)}]\n`;
  };
  return {
    mediaType: "application/x-asciicast",
    extension: "cast",
    begin: (given) => `${JSON.stringify(header(given))}\n`,
    write: (events) =>
      events
        .map(playable)
        .filter(({ code }) => !leftOut.includes(code))
        .map(line)
        .join(""),
    end: (problem) =>
      problem === null ? "" : line({ atMs: beforeMs, code: "m", data: `NOT WHOLE: ${problem}` }),
  };
}
