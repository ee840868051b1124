import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { CastDecoder, CastError, MAX_CHUNK_TEXT_BYTES } from "./cast-decoder.ts";
import type { CastEvent } from "./cast-event.ts";
import { headerLine } from "./cast-header.ts";
import { encodeEvents } from "./encode-events.ts";

const HEADER = { version: 3, term: { cols: 80, rows: 24, type: "xterm" }, timestamp: 1_764_316_800 } as const;

/** What text of a session is: whole code points, of which a decoder of UTF-8 makes no halves. */
const text = fc.string({ unit: "grapheme" });
const events = fc
  .array(fc.tuple(fc.nat(10_000_000), fc.constantFrom(..."oeirmxfb"), text), { maxLength: 40 })
  .map((list) => {
    let atMs = 0;
    return list.map(([ms, code, data]): CastEvent => {
      atMs += ms;
      return { atMs, code: code as CastEvent["code"], data };
    });
  });

/** Decodes bytes cut where `cuts` say. */
function decode(bytes: Buffer, cuts: readonly number[], decoder = new CastDecoder()): CastEvent[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  const read = places.slice(1).flatMap((to, index) => decoder.push(bytes.subarray(places[index]!, to)));
  decoder.end();
  return read;
}

test("events come back as they were, whatever the text and wherever the bytes are cut", () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat()), (written, cuts) => {
      const bytes = Buffer.from(headerLine(HEADER) + encodeEvents(written, 0));
      const decoder = new CastDecoder();
      expect(decode(bytes, cuts, decoder)).toEqual(written);
      expect(decoder.header).toEqual(HEADER);
    }),
  );
});

test("no interval drifts: a day of events in chunks ends at the millisecond at which it ended", () => {
  let atMs = 0;
  const written = Array.from({ length: 100_000 }, (): CastEvent => {
    atMs += 863;
    return { atMs, code: "o", data: "x" };
  });
  let lines = "";
  for (let from = 0; from < written.length; from += 1000)
    lines += encodeEvents(written.slice(from, from + 1000), from === 0 ? 0 : written[from - 1]!.atMs);
  expect(decode(Buffer.from(lines), []).at(-1)).toEqual({ atMs: 86_300_000, code: "o", data: "x" });
});

test("a chunk alone is read from its own first moment on", () => {
  const lines = encodeEvents([at(5_250), at(5_500)], 5_000);
  const decoder = new CastDecoder({ firstAtMs: 5_250 });
  expect(decode(Buffer.from(lines), [], decoder)).toEqual([at(5_250), at(5_500)]);
});

test("lines are those of asciicast v3, and comments are passed over", () => {
  expect(encodeEvents([{ atMs: 1_005, code: "r", data: "100x30" }], 0)).toBe('[1.005,"r","100x30"]\n');
  expect(decode(Buffer.from('# a comment\n\n[0.25, "o", "hi"]\n[1, "x", "0"]\n'), [])).toEqual([
    { atMs: 250, code: "o", data: "hi" },
    { atMs: 1_250, code: "x", data: "0" },
  ]);
});

test.each([
  ["a line cut short", '[0.1,"o","hi"]\n[0.1,"o'],
  ["another code", '[0.1,"q","hi"]\n'],
  ["an interval below zero", '[-0.1,"o","hi"]\n'],
  ["no JSON", "hello\n"],
  ["an older version", '{"version":2,"width":80,"height":24}\n'],
  ["a line without an end", `"${"x".repeat(MAX_CHUNK_TEXT_BYTES + 1)}`],
])("%s is an error that shows nothing of the content", (_what, lines) => {
  expect(() => decode(Buffer.from(lines), [])).toThrow(CastError);
});

test("bytes that are no UTF-8 are an error", () => {
  expect(() => new CastDecoder().push(Buffer.from([0x5b, 0xff]))).toThrow("not UTF-8");
});

function at(atMs: number): CastEvent {
  return { atMs, code: "o", data: "x" };
}
