import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord, eventRecord, recordingRecord } from "../../testing/records.ts";
import { variants } from "../../testing/variants.ts";
import { ocsf } from "./ocsf.ts";

const schema = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "testing/api-activity-1.8.0.json"), "utf8"),
);
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const encode = (record: StreamRecord) => JSON.parse(ocsf.encode(record));

describe("OCSF API Activity", () => {
  test.each(variants())("%s is valid by the schema of OCSF 1.8.0", (_, record) => {
    const activity = encode(record);
    validate(activity);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("the schema refuses what is none: an unknown attribute, a missing one, a word that is not among its own", () => {
    const { api: _, ...activity } = encode(callRecord());
    expect(validate({ ...activity, cluster: "x", severity_id: 7 })).toBe(false);
    const said = validate.errors!.map(({ keyword, params }) => `${keyword} ${JSON.stringify(params)}`).join();
    expect(said).toContain('"missingProperty":"api"');
    expect(said).toContain('"additionalProperty":"cluster"');
    expect(said).toContain("enum");
  });

  test.each([
    ["get", "pods", 2],
    ["list", "secrets", 2],
    ["watch", "pods", 2],
    ["create", "deployments", 1],
    ["patch", "deployments", 3],
    ["deletecollection", "pods", 4],
    ["create", "pods/exec", 99],
    ["create", "pods/portforward", 99],
    ["approve", "certificatesigningrequests", 99],
  ])("%s %s is activity %i", (verb, resource, activity) => {
    const told = encode(callRecord({ verb, resource }));
    expect(told).toMatchObject({ activity_id: activity, type_uid: 600_300 + activity });
  });

  test("a session has its own name as an activity, and who was allowed by which role", () => {
    expect(encode(callRecord())).toMatchObject({
      activity_name: "exec",
      api: { operation: "create", request: { uid: callRecord().entry.auditId } },
      actor: { authorizations: [{ decision: "allow", policy: { name: "shop-operator", type: "request" } }] },
      src_endpoint: { ip: "203.0.113.7" },
      dst_endpoint: { name: "prod-eu", hostname: "api.prod-eu.example", port: 6_443 },
      unmapped: { projects: ["webshop"], impersonated_user: "system:serviceaccount:shop:deployer" },
    });
  });

  test("a denial says forbid; a cluster's own 403 and a stranger say nothing of the kind", () => {
    const decided = (entry: object) => encode(callRecord(entry)).actor.authorizations?.[0].decision;
    expect(decided({ role: null, httpStatus: 403 })).toBe("forbid");
    expect(decided({ httpStatus: 403 })).toBe("allow");
    expect(decided({ role: null, httpStatus: 401 })).toBeUndefined();
    // Left out of the stream: nothing is made up.
    expect(decided({ role: undefined, httpStatus: 403 })).toBeUndefined();
  });

  test("events and recordings are activities of the same class", () => {
    expect(encode(eventRecord())).toMatchObject({
      class_uid: 6003,
      activity_id: 4,
      status_id: 2,
      api: { operation: "Revoke" },
    });
    expect(encode(recordingRecord())).toMatchObject({
      activity_name: "Session Recorded",
      start_time: recordingRecord().at,
      end_time: recordingRecord().at + 61_500,
      status_code: "terminated",
    });
  });
});
