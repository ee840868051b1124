import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DESTINATIONS } from "../../lib/streams/destinations/schema.ts";
import { FORMATS } from "../../lib/streams/formats/registry.ts";
import type { StreamRecord } from "../../lib/streams/surfaces/stream-record.ts";
import { wholeRecords } from "../../lib/streams/testing/records.ts";
import { variants } from "../../lib/streams/testing/variants.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/streams.md"), "utf8");

/** The rows of the first table under a heading that has a cell of this name in its head. */
function rowsUnder(heading: string, head: string): string[][] {
  const section = page.split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? "";
  const lines = section.split("\n");
  const begin = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  const end = lines.findIndex((line, index) => index > begin && !line.startsWith("|"));
  const rows = lines.slice(begin + 2, end < 0 ? undefined : end);
  return rows.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

describe("docs/streams.md, destinations", () => {
  const headings: Readonly<Record<string, string>> = {
    webhook: "## Webhook",
    splunk: "## Splunk",
    elasticsearch: "## Elasticsearch or OpenSearch",
    syslog: "## Syslog",
    otlp: "## OpenTelemetry",
    s3: "## S3-compatible bucket",
    file: "## File",
  };

  test.each(DESTINATIONS)(
    "$kind has a row for each setting and secret, with its default",
    ({ kind, settings, secrets }) => {
      const rows = rowsUnder(headings[kind]!, "Setting");
      const told = rows.flatMap(([names]) =>
        codeIn(names!).map((name) => (names!.startsWith("secret") ? `secret ${name}` : name)),
      );
      const expected = [
        ...Object.keys(settings.shape),
        ...Object.keys(secrets.shape).map((name) => `secret ${name}`),
      ];
      expect(told.sort()).toEqual(expected.sort());
      const { properties = {} } = z.toJSONSchema(settings, { io: "input" });
      for (const [names, value] of rows) {
        const [name] = codeIn(names!);
        const kept = (properties[name!] as { default?: unknown } | undefined)?.default;
        if (!names!.startsWith("secret") && kept !== undefined && kept !== "")
          expect(value).toBe(`\`${kept}\``);
      }
    },
  );
});

/** Every place in a document that holds something, with what it holds. Lists of objects are one place. */
function placesIn(value: unknown, at = ""): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const add = (each: unknown, place: string): void => {
    if (Array.isArray(each) && each.some((one) => typeof one === "object"))
      for (const one of each) add(one, `${place}[]`);
    else if (each !== null && typeof each === "object" && !Array.isArray(each))
      for (const [key, one] of Object.entries(each)) add(one, place === "" ? key : `${place}.${key}`);
    else places.set(place, [...(places.get(place) ?? []), JSON.stringify(each)]);
  };
  add(value, at);
  return places;
}

/** What has no place of its own, by its name in snake case or with hyphens. */
const OTHERS = /^(?:unmapped\.|kubewitness\.|annotations\.kubewitness\.io\/)([\w-]+)$/;
const SURFACES = ["requests", "events", "recordings"] as const;

describe("docs/streams.md, formats", () => {
  const documents = variants().map(([, record]) => record);
  const encode = (format: keyof typeof FORMATS, record: StreamRecord) =>
    placesIn(JSON.parse(FORMATS[format].encode(record)));

  describe.each([
    ["ocsf", "### OCSF"],
    ["kubernetes-audit", "### Kubernetes audit"],
    ["ecs", "### Elastic Common Schema"],
  ] as const)("%s", (format, heading) => {
    const rows = rowsUnder(heading, "Field").map(([field, ...cells]) => ({
      field: codeIn(field!)[0]!,
      cells,
    }));

    test.each(SURFACES)("has a row for each field of %s, and no other", (surface) => {
      const column = SURFACES.indexOf(surface);
      const told = rows.filter(({ cells }) => cells[column] !== "").map(({ field }) => field);
      const tests = wholeRecords().map((record) => ({ ...record, test: true }) as StreamRecord);
      const found = new Set<string>();
      for (const record of [...documents, ...tests])
        if (record.surface === surface) for (const place of encode(format, record).keys()) found.add(place);
      const named = [...found].filter(
        (place) => rows.some(({ field }) => field === place) || !OTHERS.test(place),
      );
      expect(told.sort()).toEqual(named.sort());
    });

    test.each(SURFACES)("names the fields of %s that each is made of", (surface) => {
      const column = SURFACES.indexOf(surface);
      const record = wholeRecords().find((each) => each.surface === surface)!;
      const keys = Object.keys(record.entry);
      const wrong: string[] = [];
      for (const { field, cells } of rows) {
        for (const key of codeIn(cells[column]!).filter((code) => keys.includes(code))) {
          const isUsed = documents.some((each) => each.surface === surface && changes(each, key, field));
          if (!isUsed) wrong.push(`${field}: ${key}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    /** Whether another value, or none, of a field of the entry, alone or behind those that go before it, is seen in a place. */
    function changes(record: StreamRecord, key: string, field: string): boolean {
      const before = encode(format, record).get(field)?.join();
      return [other((record.entry as Record<string, unknown>)[key]), null].some((value) => {
        const after = encode(format, { ...record, entry: { ...record.entry, [key]: value } } as StreamRecord);
        return after.get(field)?.join() !== before;
      });
    }
  });
});

function other(value: unknown): unknown {
  if (Array.isArray(value)) return ["another"];
  if (typeof value === "number") return value + 1;
  return /^\d{4}-\d\d-\d\dT/.test(String(value)) ? "2026-03-02T00:00:00.000Z" : "another";
}
