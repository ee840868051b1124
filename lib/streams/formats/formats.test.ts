import { describe, expect, test } from "vitest";
import { wholeRecords } from "../testing/records.ts";
import { FORMATS } from "./registry.ts";
import { FORMAT_TITLES, StreamFormat } from "./schema.ts";

/** Everything that stands somewhere in what was sent, as text. */
function valuesIn(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [String(value)];
  return Object.values(value).flatMap(valuesIn);
}

/** How a value may stand there: as it is, as a part of a text, or as a time in another form. */
function isTold(value: unknown, told: readonly string[]): boolean {
  if (Array.isArray(value)) return value.every((each) => isTold(each, told));
  const text = String(value);
  const forms = [text];
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) forms.push(String(time), text.replace("Z", "000Z"));
  if (typeof value === "number") forms.push(String(value * 1_000_000));
  return told.some((each) => forms.some((form) => each === form || each.includes(form)));
}

/** Words that a format says by others of its own. */
const TRANSLATED: Readonly<Record<string, readonly string[]>> = {
  ocsf: ["result", "clusterEndpoint", "status", "verb", "action"],
  "kubernetes-audit": ["stage", "action", "status", "result", "resource", "entityType", "error"],
  ecs: ["result", "status", "action", "verb"],
};

describe("formats", () => {
  test("each has a name, a title and an encoder", () => {
    expect(Object.keys(FORMATS)).toEqual(StreamFormat.options);
    for (const name of StreamFormat.options) {
      expect(FORMATS[name].name).toBe(name);
      expect(FORMAT_TITLES[name]).toBeTruthy();
    }
  });

  const cases = StreamFormat.options.flatMap((format) =>
    wholeRecords().map((record) => [format, record.surface, record] as const),
  );

  test.each(cases)("%s loses no field of %s", (format, _, record) => {
    const text = FORMATS[format].encode(record);
    const told = valuesIn(JSON.parse(text));
    const missing = Object.entries(record.entry).filter(
      ([key, value]) => !TRANSLATED[format]?.includes(key) && !isTold(value, told),
    );
    expect(missing).toEqual([]);
    expect(told).toContain(record.id);
    expect(text).toContain(record.installation);
  });

  test.each(cases)(
    "%s writes %s in one line, also with line breaks and unpaired surrogates in it",
    (format, _, record) => {
      const entry = { ...record.entry, message: 'a\nb\u2028c"\ud800', entityName: "x\r\ny" };
      const text = FORMATS[format].encode({ ...record, entry } as typeof record);
      expect(text).not.toMatch(/[\r\n]/);
      expect(JSON.parse(text)).toBeTypeOf("object");
      expect(Buffer.from(text).toString()).toBe(text);
    },
  );

  test.each(cases)("%s says of a record of %s that it is a test", (format, _, record) => {
    expect(FORMATS[format].encode(record)).not.toMatch(/"test"/);
    expect(FORMATS[format].encode({ ...record, test: true })).toMatch(/"test"|\/test"/);
  });
});
