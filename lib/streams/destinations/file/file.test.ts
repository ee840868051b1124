import { appendFile, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { config } from "../../../config.ts";
import { batchOf, calls } from "../testing/batches.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";

const STREAM_ID = "0199a000-0000-7000-8000-0000000000ff";

beforeAll(() => permitLoopback());

test("a batch that was cut off amid a line is written again, each of its records in a line of its own", async () => {
  const batch = batchOf(calls(1, 3));
  const lines = batch.records.map(({ text }) => text);
  expect(await sendOnce(open("file", {}), batch)).toEqual({ is: "taken" });
  const file = path.join(config().data, "streams", STREAM_ID, "records.ndjson");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const half = lines[0]!.slice(0, 40);
  await appendFile(file, half);
  await sendOnce(open("file", {}), batch);
  expect((await readFile(file, "utf8")).split("\n")).toEqual([...lines, half, ...lines, ""]);
});
