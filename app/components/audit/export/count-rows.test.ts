import { expect, test } from "vitest";
import { createRowCounter } from "./count-rows.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a CSV cell may hold line feeds and quotes; the header is no row", () => {
  const counter = createRowCounter("csv");
  counter.add(bytes('no,message\r\n1,"two\r\nlines"\r\n2,"a ""quo'));
  counter.add(bytes('ted"" word\n"\r\n'));
  expect(counter.rows).toBe(2);
});

test("each NDJSON line is a row, however the bytes are cut", () => {
  const counter = createRowCounter("ndjson");
  for (const character of '{"a":"\\n\\""}\n{"a":2}\n') counter.add(bytes(character));
  expect(counter.rows).toBe(2);
  expect(counter.bytes).toBe(21);
});
