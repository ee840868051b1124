import {
  RECORDING_FIELDS,
  RecordingEntry,
  RecordingList,
} from "../../../../../lib/audit/recordings/schema.ts";
import type { AuditSurface } from "../../../../components/audit/surface.ts";
import { RECORDING_COLUMNS } from "./columns.tsx";
import { RecordingPhoneRow } from "./phone-row.tsx";
import { recordingHref } from "./recording-href.ts";
import { soughtText } from "./sought-text.ts";

/** Audit › Kubernetes › Pod Session Recordings. */
export const RECORDINGS: AuditSurface<RecordingEntry> = {
  id: "recordings",
  title: "Pod Session Recordings",
  path: ["Audit", "Kubernetes"],
  href: "/audit/kubernetes/recordings",
  pageOf: (recording, filter) => recordingHref(recording, soughtText(filter)),
  endpoint: "/api/v1/recordings",
  listSchema: RecordingList,
  rowSchema: RecordingEntry,
  noun: { one: "recording", many: "recordings" },
  fields: RECORDING_FIELDS,
  columns: RECORDING_COLUMNS,
  defaultRange: { from: "today-6d", to: "today" },
  search: {
    placeholder: "Person or pod",
    lookedIn: "the name or email of a person, the name of a cluster or of a pod",
    elsewhere: ["namespace", "container", "commandLine", "message"],
  },
  filterExample: 'namespace = "payments" AND duration > 10m',
  isFailure: ({ result }) => result === "failure",
  messageOf: ({ message, commandLine }) => message ?? commandLine,
  failure: { field: "result", value: "failure" },
  outcome: { success: "Success", failure: "Failure" },
  PhoneRow: RecordingPhoneRow,
  firstRun: {
    text: "Open a shell in a pod through the gateway: kubectl exec -it, or the web shell of My access. Its recording is listed here when the session ends; while it runs it stands above the list.",
    action: { label: "My access", href: "/access/me" },
  },
};

/** For who may play recordings: what was typed and shown can be looked in, which a search that finds nothing offers. */
export const PLAYABLE_RECORDINGS: AuditSurface<RecordingEntry> = {
  ...RECORDINGS,
  filterExample: 'command : "rm -rf" AND namespace = "payments"',
  search: { ...RECORDINGS.search, elsewhere: [...RECORDINGS.search.elsewhere, "command", "output"] },
};
