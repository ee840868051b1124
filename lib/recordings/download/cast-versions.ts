import { type CastFileWriter, castLines } from "./cast-file.ts";

/** https://docs.asciinema.org/manual/asciicast/v3/ */
export const castV3 = (): CastFileWriter =>
  castLines({ header: (header) => header, timeOf: (atMs, beforeMs) => atMs - beforeMs, leftOut: [] });

/** https://docs.asciinema.org/manual/asciicast/v2/: times since the start, and no exit code. */
export const castV2 = (): CastFileWriter =>
  castLines({
    header: ({ term: { cols, rows, type }, timestamp, title, command }) => {
      const env = type === undefined ? undefined : { TERM: type };
      return { version: 2, width: cols, height: rows, timestamp, title, command, env };
    },
    timeOf: (atMs) => atMs,
    leftOut: ["x"],
  });
