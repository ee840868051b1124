import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { systemContext } from "../../context.ts";
import { StreamFormat } from "../formats/schema.ts";
import { StreamSurface } from "../surfaces/schema.ts";
import { writeExample } from "./example.ts";

const ctx = systemContext("test");
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each(StreamFormat.options)("%s has an example of each surface", async (format) => {
  for (const surface of StreamSurface.options) {
    const { text } = await writeExample({ ctx, query: { format, surface } });
    expect(Object.keys(JSON.parse(text)).length, text).toBeGreaterThan(5);
  }
});

test("what is left out is not in it", async () => {
  const read = async (leaveOut: string) => {
    const { text } = await writeExample({ ctx, query: { surface: "requests", leaveOut } });
    return JSON.parse(text);
  };
  expect(await read("")).toMatchObject({ verb: "get", namespace: "test" });
  const without = await read("verb,namespace");
  expect(without).toMatchObject({ no: 0, surface: "requests", resource: "pods" });
  expect("verb" in without || "namespace" in without).toBe(false);
});
