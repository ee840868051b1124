"use client";

import { StreamView } from "../../../../lib/streams/schema.ts";
import { SURFACE_TITLES } from "../../../../lib/streams/surfaces/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import { eventHistoryHref } from "../../../components/list/audit-links.ts";
import { sendJson } from "../../../components/request-json.ts";
import { Moment, When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { StreamStateMark } from "./stream-state.tsx";
import { lagText, rateText } from "./stream-words.ts";

/** How a stream does: its state, how far it is on each surface, what is sent again. */
export function StreamProgress({
  stream,
  mayWrite,
  refresh,
}: {
  stream: StreamView;
  mayWrite: boolean;
  refresh: () => void;
}) {
  return (
    <>
      <Section title="State">
        <Facts>
          <Fact name="State">
            <StreamStateMark stream={stream} />
          </Fact>
          {stream.reason === null ? null : <Fact name="Why">{stream.reason}</Fact>}
          <Fact name="Behind">{lagText(stream.lag)}</Fact>
          <Fact name="Rate">{rateText(stream.throughput)}</Fact>
          <Fact name="Delivered">{formatNumber(stream.delivered)}</Fact>
          <Fact name="Last delivery">
            <When time={stream.lastDeliveredAt} absent="None yet" />
          </Fact>
          <Fact name="Last error">
            {stream.lastError === null ? (
              <span className="text-fg-3">None</span>
            ) : (
              <>
                <span className="wrap-anywhere">{stream.lastError.text}</span>{" "}
                <span className="text-fg-3">
                  <When time={stream.lastError.at} absent="" />
                </span>
              </>
            )}
          </Fact>
          {stream.holdsRetention ? (
            <Fact name="Retention">Waits for it: days that it has not sent are not dropped yet.</Fact>
          ) : null}
          <Fact name="Changes">
            <a
              className="text-accent underline underline-offset-2"
              href={eventHistoryHref({ field: "entityId", value: stream.id })}
            >
              In Event History
            </a>
          </Fact>
        </Facts>
      </Section>
      <Cursors stream={stream} />
      <Replays stream={stream} mayWrite={mayWrite} refresh={refresh} />
      <Lost stream={stream} />
    </>
  );
}

function Cursors({ stream: { cursors } }: { stream: StreamView }) {
  return (
    <Section title="Sent up to">
      <Facts>
        {cursors.map(({ surface, lastNo, newestNo }) => (
          <Fact key={surface} name={SURFACE_TITLES[surface]}>
            <span className="tabular-nums">
              No {formatNumber(lastNo)}{" "}
              <span className="text-fg-3">
                {newestNo > lastNo ? `of ${formatNumber(newestNo)}` : "which is the newest"}
              </span>
            </span>
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function Replays({
  stream,
  mayWrite,
  refresh,
}: {
  stream: StreamView;
  mayWrite: boolean;
  refresh: () => void;
}) {
  if (stream.replays.length === 0) return null;
  async function cancel(replayId: string) {
    try {
      await sendJson(`/api/v1/streams/${stream.id}/replays/${replayId}`, StreamView, "DELETE");
      showDone("Sending again ended", stream.name);
    } catch (error) {
      showFailure("It was not ended", error instanceof Error ? error.message : "");
    }
    refresh();
  }
  return (
    <Section title="Sent again">
      <ul className="grid grid-cols-1 gap-3">
        {stream.replays.map(({ id, surface, from, to, lastNo, startedAt }) => (
          <li key={id} className="grid grid-cols-1 gap-1">
            <span>
              {SURFACE_TITLES[surface]}, No {formatNumber(from)} to {formatNumber(to)}{" "}
              <span className="text-fg-3">
                <When time={startedAt} absent="" />
              </span>
            </span>
            <progress
              className="w-full accent-accent"
              max={to - from + 1}
              value={lastNo - from + 1}
              aria-label={`Sent again up to No ${formatNumber(lastNo)}`}
            />
            <span className="flex items-center gap-2">
              <span className="text-fg-3 tabular-nums">
                {formatNumber(lastNo - from + 1)} of {formatNumber(to - from + 1)} numbers
              </span>
              {mayWrite ? (
                <Button look="link" onClick={() => void cancel(id)}>
                  End it here
                </Button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Lost({ stream: { lost } }: { stream: StreamView }) {
  if (lost.length === 0) return null;
  return (
    <Section title="Dropped unsent">
      <p className="mb-2 text-fail">
        Retention dropped these numbers before the stream had sent them: its receiver was away for too long.
      </p>
      <ul className="grid gap-1">
        {lost.map(({ surface, from, to, at }) => (
          <li key={`${surface}-${from}`}>
            {SURFACE_TITLES[surface]}, No {formatNumber(from)} to {formatNumber(to)},{" "}
            <Moment time={at} absent="" />
          </li>
        ))}
      </ul>
    </Section>
  );
}
