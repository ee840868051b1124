import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { Format } from "../format/format.ts";
import { callEvent } from "./call-event.ts";
import { houseEvent } from "./house-event.ts";
import { recordingEvent } from "./recording-event.ts";

/**
 * `Event` of `audit.k8s.io/v1`, as a cluster's own audit webhook sends it: what reads a cluster's audit log reads this.
 * https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event
 */
export const kubernetesAudit: Format = {
  name: "kubernetes-audit",
  encode: (record) => JSON.stringify(auditEvent(record)),
};

function auditEvent(record: StreamRecord): object {
  if (record.surface === "requests") return callEvent(record);
  return record.surface === "events" ? houseEvent(record) : recordingEvent(record);
}
