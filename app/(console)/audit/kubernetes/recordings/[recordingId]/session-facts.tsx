"use client";

import type { ReactNode } from "react";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import type { RunningSession } from "../../../../../../lib/recordings/live/schema.ts";
import { formatClockExactly, formatDate } from "../../../../../components/time/format-time.ts";
import { useTimeZoneChoice } from "../../../../../components/time/time-zone.tsx";
import { useMediaQuery } from "../../../../../components/use-media-query.ts";
import { ENDING_WORDS } from "../ending-words.ts";

type Told = Pick<
  RecordingEntry | RunningSession,
  | "namespace"
  | "pod"
  | "container"
  | "clusterName"
  | "name"
  | "email"
  | "role"
  | "startedAt"
  | "clientIp"
  | "clientName"
>;

/** Who was where, when, from where, and how it ended. */
export function EntryFacts({ entry }: { entry: RecordingEntry }) {
  return (
    <SessionFacts session={entry}>
      <Fact name="Ended">
        <EndMark entry={entry} />
      </Fact>
    </SessionFacts>
  );
}

/** The facts of a session, `children` last. */
export function SessionFacts({ session, children }: { session: Told; children: ReactNode }) {
  const isPhone = useMediaQuery("(max-width: 767px)");
  const { namespace, pod, container, clusterName, name, email, role, startedAt, clientIp, clientName } =
    session;
  return (
    // Where they have no room beside one another they are scrolled, by the keyboard, too.
    <dl className="recording-facts" tabIndex={isPhone ? 0 : undefined}>
      <Fact name="Pod">
        <b className="mono">{pod === null ? "Web shell" : [namespace, pod].filter(Boolean).join("/")}</b>
      </Fact>
      {container ? (
        <Fact name="Container">
          <span className="identifier">{container}</span>
        </Fact>
      ) : null}
      <Fact name="Cluster Name">{clusterName}</Fact>
      <Fact name="Name">
        {name || email || "Nobody signed in"}
        {name && email ? <span className="person-mail">{email}</span> : null}
      </Fact>
      {role ? <Fact name="Role">{role}</Fact> : null}
      <Fact name="Action At">
        <StartedAt time={startedAt} />
      </Fact>
      {clientIp ? <Fact name="Client IP">{clientIp}</Fact> : null}
      {clientName ? (
        <Fact name="Client Name">
          <span className="identifier is-dim">{clientName}</span>
        </Fact>
      ) : null}
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function StartedAt({ time }: { time: string }) {
  const { timeZone } = useTimeZoneChoice();
  if (!timeZone) return null;
  const at = Date.parse(time);
  return (
    <time dateTime={time} title={timeZone} className="tabular-nums">
      {formatDate(at, timeZone)}, {formatClockExactly(at, timeZone)}
    </time>
  );
}

/** How the session ended: its exit code where it came to that, else what cut it off; the reason in the tooltip and beside it. */
function EndMark({ entry: { ending, exitCode, result, message } }: { entry: RecordingEntry }) {
  const isWell = result !== "failure";
  const { Icon, word, meaning } = ENDING_WORDS[ending];
  const words = ending === "completed" && exitCode !== null ? `Exit code ${exitCode}` : word;
  return (
    <span
      className={`result${isWell ? (exitCode ? " is-exit" : "") : " is-failure"}`}
      title={message ?? meaning}
    >
      <Icon aria-hidden />
      {words}
      {message && !isWell ? <span className="end-message cut">{message}</span> : null}
    </span>
  );
}
