import { RECORDINGS } from "../../../../../lib/audit/columns/recordings/schema.ts";
import type { RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";
import { formatBytes, formatNumber } from "../../../../components/audit/format-count.ts";
import { listedColumns, type OwnCells } from "../../../../components/audit/table/listed-columns.tsx";
import { dash, startCell } from "../../../../components/audit/table/own-cells.tsx";
import { ResultMark } from "../request-audit/call-marks.tsx";
import { ENDING_WORDS } from "./ending-words.ts";
import { EndingMark, KindMark, PodLink, placeOf, SessionDuration } from "./recording-marks.tsx";

/** Cells that show more than their value. */
const CELLS: OwnCells<typeof RECORDINGS.columns, RecordingEntry> = {
  no: {
    title: (recording) => formatNumber(recording.no),
    cell: (recording) => formatNumber(recording.no),
  },
  startedAt: startCell(({ startedAt }) => startedAt),
  result: { title: undefined, cell: ({ result }) => <ResultMark result={result} exitCode={null} /> },
  ending: {
    title: ({ ending, message }) => message ?? ENDING_WORDS[ending].meaning,
    cell: (recording) => <EndingMark recording={recording} />,
  },
  name: {
    className: "is-ink",
    title: ({ name, email }) => [name, email].filter(Boolean).join(", ") || undefined,
    cell: ({ name, email }) => <bdi>{name || email}</bdi>,
  },
  email: { cell: ({ name, email }) => email || (name ? dash("An application has no email") : null) },
  namespace: { cell: ({ namespace }) => namespace ?? dash("A web shell is in no namespace") },
  pod: { title: placeOf, cell: (recording) => <PodLink recording={recording} /> },
  container: { cell: ({ container }) => container ?? dash("The cluster chose it") },
  kind: {
    title: ({ kind, tty }) => (tty === "yes" ? `${kind}, with a terminal` : `${kind}, without a terminal`),
    cell: (recording) => <KindMark recording={recording} />,
  },
  clientIp: { className: "is-ink tabular-nums" },
  durationMs: { cell: ({ durationMs }) => <SessionDuration milliseconds={durationMs} /> },
  outputBytes: {
    title: ({ outputBytes }) => `${formatNumber(outputBytes)} bytes`,
    cell: ({ outputBytes }) => formatBytes(outputBytes),
  },
  exitCode: {
    cell: ({ exitCode }) => {
      if (exitCode === null) return dash("Its command told none");
      return exitCode === 0 ? exitCode : <span className="text-warn">{exitCode}</span>;
    },
  },
  commands: {
    cell: ({ commands }) =>
      commands === null ? dash("Not prepared for playback yet") : formatNumber(commands),
  },
  message: { className: "is-message" },
};

/** Every column of Pod Session Recordings that the list can show. */
export const RECORDING_COLUMNS = listedColumns(RECORDINGS, CELLS);
