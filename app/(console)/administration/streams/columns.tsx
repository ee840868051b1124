import type { StreamView } from "../../../../lib/streams/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { When } from "../../../components/time/when.tsx";
import { StreamStateMark, stateWords } from "./stream-state.tsx";
import { addressOf, kindTitle, lagText, rateText } from "./stream-words.ts";

export const COLUMNS: readonly ListColumn<StreamView>[] = [
  {
    id: "name",
    label: "Name",
    width: 150,
    className: "is-ink",
    sortBy: ({ name }) => name,
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "state",
    label: "State",
    width: 170,
    sortBy: ({ state }) => stateWords(state),
    cell: (stream) => <StreamStateMark stream={stream} />,
  },
  {
    id: "lag",
    label: "Behind",
    width: 150,
    sortBy: ({ lag }) => lag.seconds,
    cell: ({ lag }) => <span className="tabular-nums">{lagText(lag)}</span>,
  },
  {
    id: "throughput",
    label: "Rate",
    width: 80,
    from: 800,
    align: "end",
    className: "is-number",
    sortBy: ({ throughput }) => throughput,
    cell: ({ throughput }) => rateText(throughput),
  },
  {
    id: "deadLetters",
    label: "Dead letters",
    width: 100,
    from: 900,
    align: "end",
    className: "is-number",
    sortBy: ({ deadLetters }) => deadLetters,
    cell: ({ deadLetters }) => (
      <span className={deadLetters > 0 ? "text-fail" : undefined}>{formatNumber(deadLetters)}</span>
    ),
  },
  {
    id: "destination",
    label: "Destination",
    width: 220,
    flexible: true,
    from: 700,
    sortBy: ({ kind }) => kindTitle(kind),
    title: (stream) => `${kindTitle(stream.kind)} ${addressOf(stream) ?? ""}`,
    cell: (stream) => (
      <>
        {kindTitle(stream.kind)} <span className="identifier is-dim">{addressOf(stream)}</span>
      </>
    ),
  },
  {
    id: "lastError",
    label: "Last error",
    width: 240,
    from: 1100,
    title: ({ lastError }) => lastError?.text,
    cell: ({ lastError }) =>
      lastError === null ? (
        <span className="faint">None</span>
      ) : (
        <>
          <span className="text-fg-3">
            <When time={lastError.at} absent="" />
          </span>{" "}
          {lastError.text}
        </>
      ),
  },
];
