import { compact, type Fields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Conversion } from "./resource.ts";

const renamed: [core: string, events: string][] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

function rename(object: KubeObject, apiVersion: string, from: 0 | 1, to: 0 | 1): KubeObject {
  const result: Fields = { ...object, apiVersion };
  for (const names of renamed) {
    const value = result[names[from]];
    delete result[names[from]];
    if (value !== undefined) result[names[to]] = value;
  }
  return compact(result) as KubeObject;
}

/** `events.k8s.io/v1` events are the core group's events under other field names. */
export const eventConversion: Conversion = {
  toStorage: (object) => rename(object, "v1", 1, 0),
  fromStorage: (object) => rename(object, "events.k8s.io/v1", 0, 1),
};
