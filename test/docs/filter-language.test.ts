import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { EVENT_HISTORY_FIELDS } from "../../lib/audit/event-history/schema.ts";
import { RECORDING_FIELDS } from "../../lib/audit/recordings/schema.ts";
import { REQUEST_AUDIT_FIELDS } from "../../lib/audit/request-audit/schema.ts";
import type { FilterField } from "../../lib/filter/fields.ts";
import { formatFilter } from "../../lib/filter/format.ts";
import { parseFilter } from "../../lib/filter/parse.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/filter-language.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| "));

/** The table rows under a heading. */
function rowsUnder(heading: string): string[] {
  const section = page.split(`\n${heading}\n`)[1]?.split("\n#")[0] ?? "";
  return section.split("\n").filter((line) => line.startsWith("| "));
}

/** A field as the page describes it. */
function rowOf({ name, aliases = [], type, description }: FilterField): string {
  const also = aliases.map((alias) => `\`${alias}\``).join(", ");
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  return `| \`${name}\` | ${also} | ${type} | ${sentence} |`;
}

describe("docs/filter-language.md", () => {
  test.each([REQUEST_AUDIT_FIELDS, EVENT_HISTORY_FIELDS, RECORDING_FIELDS])(
    "has a row for every field of $surface",
    (fields) => {
      // Where one is missing or wrong, the line that the test prints is the one to paste.
      expect(rowsUnder(`### ${fields.surface}`).slice(1)).toEqual(fields.fields.map(rowOf));
    },
  );

  test("has examples that are taken", () => {
    const examples = rowsUnder("## Examples").slice(1);
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) {
      const text = /`(.+)` \|$/.exec(example)?.[1] ?? "";
      expect(parseFilter(text, fieldsOf(example)), text).toMatchObject({
        ok: true,
        filter: expect.anything(),
      });
    }
  });

  test("says truly what binds tighter", () => {
    const readings = rowsUnder("## Together").slice(1);
    expect(readings.length).toBeGreaterThan(1);
    for (const reading of readings) {
      const [written, meant] = [...reading.matchAll(/`([^`]+)`/g)].map(([, text]) => normalize(text ?? ""));
      expect(written).toBe(meant);
    }
  });

  test("has no table row that is cut", () => {
    for (const row of rows) expect(row.endsWith(" |"), row).toBe(true);
  });
});

/** An example says which page's it is, where that is not Request Audit. */
function fieldsOf(example: string) {
  if (example.startsWith("| Event History:")) return EVENT_HISTORY_FIELDS;
  return example.startsWith("| Recordings:") ? RECORDING_FIELDS : REQUEST_AUDIT_FIELDS;
}

function normalize(text: string): string {
  const parsed = parseFilter(text, REQUEST_AUDIT_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return formatFilter(parsed.filter);
}
