import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { otherFields } from "../facts/other-fields.ts";
import { NOBODY, present } from "../facts/record-facts.ts";
import { annotationName, annotationText, HOUSE, statusOf, VERSION, writeEvent } from "./audit-event.ts";

type EventRecord = Extract<StreamRecord, { surface: "events" }>;
type Event = EventRecord["entry"];

const VERBS: Readonly<Record<string, string>> = {
  Create: "create",
  View: "get",
  Update: "update",
  Delete: "delete",
  Login: "login",
};

const others = otherFields(
  "events",
  [
    "no",
    "happenedAt",
    "action",
    "entityType",
    "entityId",
    "entityName",
    "sourceId",
    "sourceIp",
    "userAgent",
    "error",
  ],
  annotationName,
  annotationText,
);

/**
 * What Event History has. The log knows objects of a cluster alone, so it is told as a call for an object of Kubewitness' own group: who reads the
 * log by group tells them from the cluster's.
 */
export function houseEvent(record: EventRecord): object {
  const { entry, at } = record;
  return writeEvent(record, {
    auditID: record.id,
    stage: "ResponseComplete",
    requestURI: "",
    verb: VERBS[entry.action ?? ""] ?? "",
    user: { username: userOf(entry), uid: present(entry.sourceId) },
    sourceIPs: entry.sourceIp ? [entry.sourceIp] : undefined,
    userAgent: present(entry.userAgent),
    objectRef: {
      resource: (entry.entityType ?? "unknown").toLowerCase(),
      name: present(entry.entityName),
      uid: present(entry.entityId),
      apiGroup: HOUSE,
      apiVersion: VERSION,
    },
    responseStatus:
      entry.status === undefined
        ? undefined
        : statusOf({ failed: entry.status === "Failed", message: entry.error }),
    receivedAt: at,
    stageAt: at,
    annotations: others(entry),
  });
}

const userOf = ({ sourceName, email, name }: Event): string => sourceName || email || name || NOBODY;
