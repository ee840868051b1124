import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openPart, type Part, sealPart } from "./sealed-part.ts";

const key = randomBytes(32);
const data = Buffer.from("what was shown");
const part: Part = { kind: "chunk", recordingId: randomUUID(), seq: 7 };

test("a sealed part opens as what it is, with the key", () => {
  const kept = sealPart({ key, seal: true }, part, data);
  expect(kept.sealed).toBe(true);
  expect(kept.data.includes("shown")).toBe(false);
  expect(openPart({ key }, part, kept)).toEqual(data);
});

test("what is not sealed is kept as it is", () => {
  const kept = sealPart({ key, seal: false }, part, data);
  expect(kept).toEqual({ sealed: false, data });
  expect(openPart({ key }, part, kept)).toEqual(data);
});

test.each<[string, Part]>([
  ["another piece", { ...part, seq: 8 }],
  ["a segment of the same number", { ...part, kind: "segment" }],
  ["another recording's", { ...part, recordingId: randomUUID() }],
])("a sealed part does not open as %s", (_, other) => {
  const kept = sealPart({ key, seal: true }, part, data);
  expect(() => openPart({ key }, other, kept)).toThrow(/cannot be opened/);
});

test("nor with another key, nor changed", () => {
  const kept = sealPart({ key, seal: true }, part, data);
  expect(() => openPart({ key: randomBytes(32) }, part, kept)).toThrow(/cannot be opened/);
  const changed = Buffer.from(kept.data);
  changed[changed.length - 1]! ^= 1;
  expect(() => openPart({ key }, part, { sealed: true, data: changed })).toThrow(/cannot be opened/);
});
