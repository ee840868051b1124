import { EcsFlat, EcsVersion } from "@elastic/ecs";
import { describe, expect, test } from "vitest";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord, eventRecord, recordingRecord } from "../../testing/records.ts";
import { variants } from "../../testing/variants.ts";
import { ecs } from "./ecs.ts";

interface Field {
  type: string;
  normalize: readonly string[];
  allowed_values?: readonly { name: string; expected_event_types?: readonly string[] }[];
}
const FIELDS = EcsFlat as unknown as Readonly<Record<string, Field>>;
const encode = (record: StreamRecord) => JSON.parse(ecs.encode(record));

/** What is wrong with a document, by the schema's own package. */
function faultsOf(document: object, at = ""): string[] {
  return Object.entries(document).flatMap(([key, value]) => {
    const name = at === "" ? key : `${at}.${key}`;
    if (name === "kubewitness") return [];
    const field = FIELDS[name];
    if (field === undefined)
      return typeof value === "object" && !Array.isArray(value)
        ? faultsOf(value, name)
        : [`${name} is unknown`];
    const values = field.normalize.includes("array") ? value : [value];
    if (!Array.isArray(values)) return [`${name} is no list`];
    const allowed = field.allowed_values?.map((each) => each.name);
    return values.flatMap((each) => {
      if (allowed && !allowed.includes(each)) return [`${name} has ${each}`];
      return fits(field.type, each) ? [] : [`${name} is no ${field.type}`];
    });
  });
}

function fits(type: string, value: unknown): boolean {
  if (type === "long") return Number.isInteger(value);
  if (type === "date") return typeof value === "string" && !Number.isNaN(Date.parse(value));
  return typeof value === "string";
}

describe("Elastic Common Schema", () => {
  test("is that of the package that checks it", () => {
    expect(encode(callRecord()).ecs.version).toBe(EcsVersion.replace(/^v/, ""));
  });

  test.each(variants())("%s has fields of the schema alone, of their types", (_, record) => {
    const document = encode(record);
    expect(faultsOf(document)).toEqual([]);
    const expected = document.event.category.flatMap(
      (name: string) =>
        FIELDS["event.category"]!.allowed_values!.find((each) => each.name === name)!.expected_event_types,
    );
    expect(expected).toEqual(expect.arrayContaining(document.event.type));
  });

  test("the check sees what is none", () => {
    expect(faultsOf({ user: { nickname: "x" }, event: { category: "api", outcome: "fine" } })).toEqual([
      "user.nickname is unknown",
      "event.category is no list",
      "event.outcome has fine",
    ]);
  });

  test("a call, a denial, an event and a recording are what they are called", () => {
    expect(encode(callRecord())).toMatchObject({
      event: {
        action: "create pods/exec",
        type: ["end", "allowed"],
        outcome: "success",
        duration: 8_412_000_000,
      },
      orchestrator: { cluster: { name: "prod-eu" }, namespace: "shop", resource: { name: "web-0" } },
      related: {
        user: ["alice@example.org", "Alice Adler", "system:serviceaccount:shop:deployer"],
        ip: ["203.0.113.7"],
      },
      kubewitness: { role: "shop-operator", grant_origin: "request" },
    });
    const denied = encode(
      callRecord({ role: null, httpStatus: 403, result: "failure", verb: "get", resource: "secrets" }),
    );
    expect(denied.event).toMatchObject({ type: ["access", "denied"], outcome: "failure" });
    expect(encode(eventRecord()).event).toMatchObject({
      category: ["iam"],
      type: ["admin", "deletion"],
      outcome: "failure",
    });
    expect(encode(recordingRecord()).event).toMatchObject({
      category: ["session"],
      type: ["end"],
      code: "terminated",
    });
  });
});
