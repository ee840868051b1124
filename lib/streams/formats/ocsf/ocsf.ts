import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { Format } from "../format/format.ts";
import { eventActivity } from "./event-activity.ts";
import { recordingActivity } from "./recording-activity.ts";
import { requestActivity } from "./request-activity.ts";

/** API Activity (6003) of the Open Cybersecurity Schema Framework 1.8.0, for all three surfaces. https://schema.ocsf.io/1.8.0/classes/api_activity */
export const ocsf: Format = {
  name: "ocsf",
  encode: (record) => JSON.stringify(activityOf(record)),
};

function activityOf(record: StreamRecord): object {
  if (record.surface === "requests") return requestActivity(record);
  return record.surface === "events" ? eventActivity(record) : recordingActivity(record);
}
