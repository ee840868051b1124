import { expect, test } from "vitest";
import { LineRefusal } from "../../line/line-refusal.ts";
import type { CommandContext } from "../command.ts";
import { runFilter } from "./run-filter.ts";

/** Bytes that a filter passes on at once. */
const LARGEST_WRITE = 32 * 1024;

/** Runs a filter on a text; what it wrote. */
async function filtered(
  name: string,
  words: string[],
  input: string | AsyncIterable<Buffer>,
  signal = new AbortController().signal,
) {
  const written: Buffer[] = [];
  const context = {
    words,
    input: typeof input === "string" ? pieces(input) : input,
    signal,
    write: async (text: string | Uint8Array) => {
      written.push(Buffer.from(text as Uint8Array));
    },
  } as unknown as CommandContext;
  const exitCode = await runFilter(name, context);
  for (const { length } of written) expect(length).toBeLessThanOrEqual(LARGEST_WRITE);
  return { out: Buffer.concat(written).toString("utf8"), exitCode };
}

async function* pieces(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  const size = bytes.length < 1000 ? 7 : 8191;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const LINES = "web-0 Running\nweb-1 Pending\ndb-0 Running\nünï 漢字\n";

test.each([
  ["grep", ["Running"], "web-0 Running\ndb-0 Running\n", 0],
  ["grep", ["-v", "Running"], "web-1 Pending\nünï 漢字\n", 0],
  ["grep", ["-ni", "^WEB-\\d"], "1:web-0 Running\n2:web-1 Pending\n", 0],
  ["grep", ["-c", "漢"], "1\n", 0],
  ["grep", ["-F", "."], "", 1],
  ["head", ["-n1"], "web-0 Running\n", 0],
  ["head", ["-2"], "web-0 Running\nweb-1 Pending\n", 0],
  ["tail", ["-n", "1"], "ünï 漢字\n", 0],
  ["wc", ["-l"], "4\n", 0],
  ["wc", [], "4 8 54\n", 0],
  ["sort", [], "db-0 Running\nweb-0 Running\nweb-1 Pending\nünï 漢字\n", 0],
  ["sort", ["-r"], "ünï 漢字\nweb-1 Pending\nweb-0 Running\ndb-0 Running\n", 0],
])("%s %j", async (name, words, out, exitCode) => {
  expect(await filtered(name, words, LINES)).toEqual({ out, exitCode });
});

test("takes JSON apart", async () => {
  const pods = JSON.stringify({ items: [{ name: "web-0" }, { name: "db-0" }] });
  expect(await filtered("jq", ["-r", ".items[].name"], pods)).toEqual({ out: "web-0\ndb-0\n", exitCode: 0 });
  expect(await filtered("jq", ["-c", ".items[0]"], pods)).toEqual({ out: '{"name":"web-0"}\n', exitCode: 0 });
  await expect(filtered("jq", ["."], "no json")).rejects.toThrow("jq got no JSON");
});

test("passes on whole what is larger than a piece", async () => {
  const ten = Array.from({ length: 10 }, () => ".").join("+");
  const text = "漢字x".repeat(20_000);
  expect(await filtered("jq", ["-r", ten], JSON.stringify(text))).toEqual({
    out: `${text.repeat(10)}\n`,
    exitCode: 0,
  });
});

test.each([
  ["grep", ["-z", "x"], "grep has no -z"],
  ["grep", ["("], "grep got"],
  ["grep", [], "grep needs a pattern"],
  ["head", ["-n", "x"], "takes a whole number"],
  ["jq", ["system"], "jq has no system"],
  ["jq", [], "jq needs a filter"],
])("refuses %s %j in words", async (name, words, message) => {
  const refused = filtered(name, words, LINES);
  await expect(refused).rejects.toBeInstanceOf(LineRefusal);
  await expect(refused).rejects.toThrow(message);
});

// What would hold up the gateway's process, or take its memory.
test.each([
  ["an expression that others take for ever for", "grep", ["(a|a)*(a|aa)+$b"], "a".repeat(60_000), 1],
  [
    "a filter that makes more and more",
    "jq",
    [
      "[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]",
    ],
    '"0123456789"',
    null,
  ],
  [
    "a filter that compares everything with everything",
    "jq",
    ["[.[] == .[]] | length"],
    JSON.stringify(Array.from({ length: 200_000 }, (_, at) => at)),
    null,
  ],
])("%s ends, and holds up nobody", { timeout: 90_000 }, async (_what, name, words, input, exitCode) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const ended = await filtered(name, words, input).catch((error: Error) => error);
  clearInterval(timer);
  if (exitCode === null) expect(`${ended}`).toMatch(/too much to do/);
  else expect(ended).toEqual({ out: "", exitCode });
  expect(turns).toBeGreaterThan(0);
});

test("ends where the person interrupts it, and tells who writes to it", async () => {
  const interrupt = new AbortController();
  let told = false;
  let asked = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (asked++ === 3) interrupt.abort();
        yield Buffer.from("line\n");
      }
    } finally {
      told = true;
    }
  }
  const running = filtered("grep", ["nothing"], endless(), interrupt.signal);
  await expect(running).rejects.toThrow();
  await expect.poll(() => told).toBe(true);
});
