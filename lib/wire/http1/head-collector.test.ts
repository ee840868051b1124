import { expect, test } from "vitest";
import { HeadCollector } from "./head-collector.ts";
import { HeadError } from "./head-error.ts";
import { readRequestHead } from "./request-head.ts";

/** Counts the bytes that are looked at while a head comes byte by byte. */
function pushBytewise(text: string) {
  let looked = 0;
  const collector = new HeadCollector((bytes, from) => {
    looked += bytes.length;
    return readRequestHead(bytes, from);
  });
  const bytes = Buffer.from(text, "latin1");
  for (let i = 0; i < bytes.length; i++) {
    const head = collector.push(bytes.subarray(i, i + 1));
    if (head !== null) return { head, looked, at: i + 1, collector };
  }
  return { head: null, looked, at: bytes.length, collector };
}

const headOf = (length: number, line = "x".repeat(100)) =>
  `GET /api HTTP/1.1\r\nHost: gateway\r\n${`X: ${line}\r\n`.repeat(Math.ceil(length / (line.length + 5)))}\r\n`;

test.each([100, 5_000, 90_000])("a head of %i bytes is whole with its last byte", (length) => {
  const text = headOf(length);
  const { head, at, collector } = pushBytewise(`${text}body`);
  expect(at).toBe(text.length);
  expect(head?.end).toBe(text.length);
  expect(collector.bytes.toString("latin1")).toBe(text);
});

test("what came behind it is there", () => {
  const collector = new HeadCollector(readRequestHead);
  expect(collector.push(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r"))).toBeNull();
  const head = collector.push(Buffer.from("\nGET /next"));
  expect(collector.bytes.subarray(head!.end).toString()).toBe("GET /next");
});

test("each byte costs about the same, however long the head and however its lines", () => {
  for (const line of ["x".repeat(1_000), "x".repeat(80)]) {
    const { looked } = pushBytewise(headOf(75_000, line));
    // Looks at twice as many each time, and at the whole in the end.
    expect(looked).toBeLessThan(75_000 * 4);
  }
});

test("what never becomes a head is found at its end, and at a bare empty line", () => {
  expect(() => pushBytewise("GET / HTTP/1.1\r\nHost : x\r\n\r\n")).toThrow(HeadError);
  expect(() => pushBytewise("GET / HTTP/1.1\nHost: x\n\n")).toThrow(HeadError);
});

test("a head without an end is refused", () => {
  const collector = new HeadCollector(readRequestHead);
  const push = () => collector.push(Buffer.from("x".repeat(8_000)));
  collector.push(Buffer.from("GET /"));
  expect(() => {
    for (let i = 0; i < 150; i++) push();
  }).toThrow(HeadError);
  expect(collector.bytes.length).toBeLessThan(1_200_000);
});
