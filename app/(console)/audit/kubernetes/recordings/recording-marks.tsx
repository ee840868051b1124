import { SquareTerminal } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import type { RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";
import { formatDuration } from "../../../../components/audit/format-count.ts";
import { classNames } from "../../../../components/class-names.ts";
import { ENDING_WORDS } from "./ending-words.ts";
import { recordingHref } from "./recording-href.ts";
import { sessionShare } from "./session-share.ts";
import { soughtText } from "./sought-text.ts";

const HOUR_MS = 3_600_000;

/** How the session ended: icon and word. */
export function EndingMark({ recording }: { recording: Pick<RecordingEntry, "ending" | "result"> }) {
  const { Icon, word } = ENDING_WORDS[recording.ending];
  const failed = recording.result === "failure";
  return (
    <span
      className={classNames(
        "result",
        failed && "is-failure",
        !failed && recording.ending !== "completed" && "is-open",
      )}
    >
      <Icon aria-hidden />
      {word}
    </span>
  );
}

/** What the session was, and whether it had a terminal. */
export function KindMark({ recording }: { recording: Pick<RecordingEntry, "kind" | "tty"> }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className="verb is-connect">{recording.kind}</span>
      {recording.tty === "yes" ? (
        <SquareTerminal role="img" aria-label="with a terminal" className="size-3! text-fg-3" />
      ) : null}
    </span>
  );
}

/** A number and a bar on a logarithmic scale; darker from an hour on. */
export function SessionDuration({ milliseconds }: { milliseconds: number }) {
  return (
    <span className={`duration${milliseconds >= HOUR_MS ? " is-slow" : ""}`}>
      {formatDuration(milliseconds)}
      <i aria-hidden style={{ "--share": sessionShare(milliseconds) } as React.CSSProperties} />
    </span>
  );
}

/** Where the session was: the pod's name, which leads to the recording. */
export function PodLink({ recording }: { recording: RecordingEntry }) {
  const filter = useSearchParams().get("filter") ?? "";
  return (
    <Link
      href={recordingHref(recording, soughtText(filter))}
      prefetch={false}
      // The row can be reached by the keys of the list.
      tabIndex={-1}
      className={recording.pod ? "identifier hover:underline" : "hover:underline"}
      onClick={(event) => event.stopPropagation()}
    >
      {placeOf(recording)}
    </Link>
  );
}

/** The pod; a web shell has none. */
export const placeOf = ({ pod, kind }: Pick<RecordingEntry, "pod" | "kind">): string =>
  pod ?? (kind === "shell" ? "Web shell" : "Pod not known");
