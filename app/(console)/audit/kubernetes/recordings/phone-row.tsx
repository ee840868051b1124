import type { RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";
import { formatDuration } from "../../../../components/audit/format-count.ts";
import type { PhoneRowProps } from "../../../../components/audit/surface.ts";
import { formatClock, formatDay, formatMinute } from "../../../../components/time/format-time.ts";
import { ENDING_WORDS } from "./ending-words.ts";
import { KindMark, placeOf } from "./recording-marks.tsx";

/** A recording in two lines; one that ended otherwise than by itself adds how. */
export function RecordingPhoneRow({ row: recording, context }: PhoneRowProps<RecordingEntry>) {
  const { name, email, clusterName, namespace, exitCode, message, ending } = recording;
  const { Icon, word, meaning } = ENDING_WORDS[ending];
  const time = Date.parse(recording.startedAt);
  const failed = recording.result === "failure";
  return (
    <>
      <Icon aria-hidden className={failed || ending === "completed" ? undefined : "is-open"} />
      <span className="min-w-0">
        <span className="what">
          <KindMark recording={recording} />
          <span className="identifier cut">{placeOf(recording)}</span>
        </span>
        <span className="who cut block">
          {failed ? null : <span className="sr-only">{word}, </span>}
          <bdi>{name || email}</bdi>{" "}
          <span className="muted">
            {clusterName}
            {namespace ? ` / ${namespace}` : ""}
          </span>
          {exitCode ? <span className="text-warn"> Exit {exitCode}</span> : null}
        </span>
      </span>
      <span className="when">
        {context.oneDay
          ? formatClock(time, context.timeZone)
          : `${formatDay(time, context.timeZone)} ${formatMinute(time, context.timeZone)}`}
        <span>{formatDuration(recording.durationMs)}</span>
      </span>
      {failed ? (
        <span className="said">
          <b>{word}</b> <bdi>{message ?? meaning}</bdi>
        </span>
      ) : null}
    </>
  );
}
