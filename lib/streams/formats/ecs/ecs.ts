import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { Format } from "../format/format.ts";
import { eventDocument } from "./event-document.ts";
import { recordingDocument } from "./recording-document.ts";
import { requestDocument } from "./request-document.ts";

/** A document of the Elastic Common Schema 9.4; what it has no field for is under `kubewitness`. https://www.elastic.co/docs/reference/ecs */
export const ecs: Format = {
  name: "ecs",
  encode: (record) => JSON.stringify(documentOf(record)),
};

function documentOf(record: StreamRecord): object {
  if (record.surface === "requests") return requestDocument(record);
  return record.surface === "events" ? eventDocument(record) : recordingDocument(record);
}
