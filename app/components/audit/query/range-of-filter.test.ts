import { expect, test } from "vitest";
import { REQUEST_AUDIT_FIELDS } from "../../../../lib/audit/request-audit/schema.ts";
import { rangeOfFilter } from "./range-of-filter.ts";

const read = (text: string) => rangeOfFilter(text, REQUEST_AUDIT_FIELDS);

test.each([
  ["yesterday", "Yesterday", { from: "yesterday", to: "yesterday" }, ""],
  [" Last hour ", "Last hour", { from: "now-1h", to: "now" }, ""],
  ["executedAt = yesterday", "Yesterday", { from: "yesterday", to: "yesterday" }, ""],
  [
    "executedAt = 2026-11-20 AND verb = delete AND result = failure",
    "2026-11-20",
    { from: "2026-11-20", to: "2026-11-20" },
    'verb = "delete" AND result = "failure"',
  ],
])("%s is the range %s", (text, label, range, filter) => {
  expect(read(text)).toEqual({ label, range, filter });
});

test.each(["verb = delete", "executedAt > yesterday", "NOT executedAt = yesterday", "yester", ""])(
  "%s means no range",
  (text) => expect(read(text)).toBeNull(),
);
