import { isOutOfRoom } from "./reserve.ts";
import { SegmentTakenError } from "./segment.ts";

/** What callers are told too: no path. The log has the rest. */
export function failureOf(error: Error): string {
  if (error instanceof SegmentTakenError)
    return "another process has taken this one's audit journal: calls are refused until this one is started again";
  const what = (error as NodeJS.ErrnoException).code ?? error.message;
  const when = isOutOfRoom(error) ? "there is room on its volume" : "the disk takes it";
  return `the audit journal cannot be written (${what}): calls are taken again when ${when}`;
}
