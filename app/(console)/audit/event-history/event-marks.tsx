import { CircleCheck, CircleX } from "lucide-react";
import type { EventEntry } from "../../../../lib/audit/event-history/schema.ts";
import { ABSENT } from "../../../components/audit/absence.ts";

/** Succeeded or Failed: icon and word. */
export function StatusMark({ status }: { status: EventEntry["status"] }) {
  const Icon = status === "Failed" ? CircleX : CircleCheck;
  return (
    <span className={status === "Failed" ? "result is-failure" : "result"}>
      <Icon aria-hidden />
      {status}
    </span>
  );
}

/** The action, and the finer one where it says more: `Login`, `Delete · Revoke`. */
export function EventName({ event }: { event: Pick<EventEntry, "action" | "operation"> }) {
  return (
    <span className="event-name">
      {event.action}
      {event.operation === event.action ? null : <span className="faint"> · {event.operation}</span>}
    </span>
  );
}

/** Who acted, in words also where nobody was signed in. */
export function personOf({ name, email, sourceType }: EventEntry): string {
  return name || email || (sourceType === "System" ? "Kubewitness" : ABSENT.person);
}
