import type { StreamRecord } from "../../surfaces/stream-record.ts";

const OCSF_VERSION = "1.8.0";
const CLASS_UID = 6_003;

/** What was done, in OCSF's words. Whatever is not reading or changing is 99, with a name of its own. */
export const ACTIVITIES = { Create: 1, Read: 2, Update: 3, Delete: 4 } as const;
export type Activity = keyof typeof ACTIVITIES;
const OTHER = 99;

const SURFACES = {
  requests: "request-audit",
  events: "event-history",
  recordings: "pod-session-recordings",
} as const satisfies Record<StreamRecord["surface"], string>;

interface Told {
  /** One of OCSF's, or what it is called where it is none of them. */
  activity: Activity | { other: string };
  succeeded: boolean | undefined;
  /** The same for all records of one thing, such as the start and the end of a call. */
  correlation?: string;
}

/** What each activity begins with: class, kind, time, how it ended, and where it comes from. */
export function beginActivity(record: StreamRecord, { activity, succeeded, correlation }: Told): object {
  const isOther = typeof activity === "object";
  const activityId = isOther ? OTHER : ACTIVITIES[activity];
  return {
    class_uid: CLASS_UID,
    class_name: "API Activity",
    category_uid: 6,
    category_name: "Application Activity",
    activity_id: activityId,
    activity_name: isOther ? activity.other : activity,
    type_uid: CLASS_UID * 100 + activityId,
    time: record.at,
    ...(succeeded === false ? LOW : INFORMATIONAL),
    ...(succeeded === undefined ? UNKNOWN : succeeded ? SUCCEEDED : FAILED),
    metadata: {
      version: OCSF_VERSION,
      uid: record.id,
      product: PRODUCT,
      log_name: SURFACES[record.surface],
      log_source: record.installation,
      sequence: record.no,
      correlation_uid: correlation,
      ...(record.test ? { labels: ["test"] } : null),
    },
  };
}

const PRODUCT = { name: "Kubewitness", vendor_name: "Kubewitness" };
const INFORMATIONAL = { severity_id: 1, severity: "Informational" };
const LOW = { severity_id: 2, severity: "Low" };
const SUCCEEDED = { status_id: 1, status: "Success" };
const FAILED = { status_id: 2, status: "Failure" };
const UNKNOWN = { status_id: 0, status: "Unknown" };

/** Where a call came from; OCSF wants an endpoint to have at least a name. */
export const sourceOf = (ip: string | null | undefined): object => (ip ? { ip } : { name: "unknown" });

/** Fields that OCSF has no place for; absent where there are none. */
export function unmapped(fields: Record<string, unknown>): object | undefined {
  return Object.keys(fields).length > 0 ? fields : undefined;
}
