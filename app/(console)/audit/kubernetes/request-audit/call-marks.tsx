import { CircleAlert, CircleCheck, CircleX, Play } from "lucide-react";
import type { RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../components/audit/absence.ts";
import { durationShare, formatDuration } from "../../../../components/audit/format-count.ts";
import { verbRisk } from "./verb-risk.ts";

/** Success or failure: icon and word. A command that ended with another exit code than 0 says so, though its call succeeded. */
export function ResultMark({ result, exitCode }: Pick<RequestAuditEntry, "result" | "exitCode">) {
  if (result === "success" && exitCode) {
    return (
      <span
        className="result is-exit"
        title={`The call succeeded; its command ended with exit code ${exitCode}`}
      >
        <CircleAlert aria-hidden />
        <span className="sr-only">Success, </span>
        Exit {exitCode}
      </span>
    );
  }
  if (result === "failure") {
    return (
      <span className="result is-failure">
        <CircleX aria-hidden />
        Failure
      </span>
    );
  }
  return (
    <span className="result">
      <CircleCheck aria-hidden />
      Success
    </span>
  );
}

/** The verb on the ground of what it can do. */
export function VerbBadge({ verb, resource }: { verb: string; resource: string | null }) {
  const risk = verbRisk(verb, resource);
  return (
    <span className={`verb is-${risk}`} title={`${verb}: ${risk}`}>
      {verb}
    </span>
  );
}

/** A number and a bar on a logarithmic scale; darker above a second. */
export function DurationMark({ milliseconds }: { milliseconds: number | null }) {
  if (milliseconds === null) {
    return (
      <span className="faint" title={ABSENT.duration}>
        –
      </span>
    );
  }
  return (
    <span className={`duration${milliseconds >= 1000 ? " is-slow" : ""}`}>
      {formatDuration(milliseconds)}
      <i aria-hidden style={{ "--share": durationShare(milliseconds) } as React.CSSProperties} />
    </span>
  );
}

/** Marks a call whose session can be played back. */
export function RecordingMark() {
  return (
    <Play
      role="img"
      aria-label="Recorded session"
      className="ml-1.5 inline-block size-3! fill-current align-[-2px] text-connect"
    />
  );
}

/** `pods/log/api-7d9f`, as one would say it. */
export function objectOf({
  resource,
  resourceName,
}: Pick<RequestAuditEntry, "resource" | "resourceName">): string {
  if (!resource) return ABSENT.resource.toLowerCase();
  return resourceName ? `${resource}/${resourceName}` : resource;
}
