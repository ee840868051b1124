import { expect, test } from "vitest";
import { acceptedFormat } from "./answer-entries.ts";

test.each([
  [null, "json"],
  ["*/*", "json"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"],
  ["image/png", "json"],
  ["text/csv", "csv"],
  ["TEXT/CSV", "csv"],
  ["text/*", "csv"],
  ["text/csv; charset=UTF-8", "csv"],
  ["text/csv; header=present", "csv"],
  ["text/csv; header=absent", "json"],
  ["text/csv;q=0", "json"],
  ["text/csv;q=0.5, application/json", "json"],
  ["application/json;q=0.5, text/csv", "csv"],
  ["application/*, text/csv;q=0.9", "json"],
  ["*/*;q=0.1, application/x-ndjson", "ndjson"],
  ["application/ndjson", "ndjson"],
  ['text/csv; title=",application/x-ndjson,", application/json;q=0.1', "json"],
])("a client that accepts %s gets %s", (accept, format) => expect(acceptedFormat(accept)).toBe(format));
