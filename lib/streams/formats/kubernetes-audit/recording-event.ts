import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { otherFields } from "../facts/other-fields.ts";
import { callerOf, millisecondsOf, present } from "../facts/record-facts.ts";
import { annotationName, annotationText, HOUSE, statusOf, VERSION, writeEvent } from "./audit-event.ts";

type RecordingRecord = Extract<StreamRecord, { surface: "recordings" }>;

const others = otherFields(
  "recordings",
  ["no", "startedAt", "endedAt", "email", "clientIp", "clientName", "namespace", "recordingId", "message"],
  annotationName,
  annotationText,
);

/**
 * The end of a recorded session. The log has its call already, so this is no second one for `pods/exec`: a recording comes to be, an object of Kubewitness'
 * own group, and the annotations say of which pod.
 */
export function recordingEvent(record: RecordingRecord): object {
  const { entry, at } = record;
  return writeEvent(record, {
    auditID: entry.recordingId ?? record.id,
    stage: "ResponseComplete",
    requestURI: "",
    verb: "create",
    user: { username: callerOf(entry) },
    sourceIPs: entry.clientIp ? [entry.clientIp] : undefined,
    userAgent: present(entry.clientName),
    objectRef: {
      resource: "recordings",
      namespace: present(entry.namespace),
      name: present(entry.recordingId),
      apiGroup: HOUSE,
      apiVersion: VERSION,
    },
    responseStatus:
      entry.result === undefined
        ? undefined
        : statusOf({ failed: entry.result === "failure", message: entry.message }),
    receivedAt: at,
    stageAt: millisecondsOf(entry.endedAt) ?? at,
    annotations: others(entry),
  });
}
