import { expect, test } from "vitest";
import { streamText } from "./text-stream.ts";

const never = new AbortController().signal;

test("texts come one after another, empty ones not at all, and its end is told once", async () => {
  let ended = 0;
  async function* parts() {
    yield "";
    yield "naïve ";
    yield "";
    yield "日本";
  }
  const body = streamText({ parts: parts(), signal: never, onEnd: () => (ended += 1) });
  expect(await new Response(body).text()).toBe("naïve 日本");
  expect(ended).toBe(1);
});

test("no more is read than the client takes, and one that takes nothing is not waited for", async () => {
  let read = 0;
  let closed = false;
  const ended = Promise.withResolvers<void>();
  async function* parts() {
    try {
      for (;;) yield `${read++}\n`;
    } finally {
      closed = true;
    }
  }
  const body = streamText({ parts: parts(), signal: never, onEnd: ended.resolve, stallMs: 50 });
  const reader = body.getReader();
  expect(String(Buffer.from((await reader.read()).value!))).toBe("0\n");
  await ended.promise;
  expect(read).toBeLessThanOrEqual(3);
  expect(closed).toBe(true);
  await expect(reader.read()).rejects.toThrow(/The client took nothing for 0.05 s/);
});

test("what fails as it is read fails the file, and gives its place back", async () => {
  let ended = 0;
  async function* parts() {
    yield "a";
    throw new Error("the place is away");
  }
  const body = streamText({ parts: parts(), signal: never, onEnd: () => (ended += 1) });
  await expect(new Response(body).text()).rejects.toThrow(/the place is away/);
  expect(ended).toBe(1);
});
