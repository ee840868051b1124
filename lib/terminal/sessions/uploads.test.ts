import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerMessage } from "./schema.ts";
import { Uploads } from "./uploads.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "kubewitness-uploads-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("an upload that begins again, as after a lost connection, is the second one, whole, and nothing else stays", async () => {
  const told: ServerMessage[] = [];
  const uploads = new Uploads(folder, (message) => told.push(message));
  const asked = { id: "5d0f6a3e-58b0-4c1c-9b6e-0d5a3a4b2c11", name: "report.txt", size: 8 };
  for (let lost = 0; lost < 20; lost += 1) {
    uploads.begin(asked);
    uploads.take(Buffer.from("lost"));
    uploads.giveUp();
  }
  uploads.begin(asked);
  uploads.take(Buffer.from("the "));
  uploads.take(Buffer.from("file"));
  const file = await uploads.end(asked.id);
  expect(await readFile(file!.path, "utf8")).toBe("the file");
  expect(await readdir(folder)).toEqual([path.basename(file!.path)]);
  expect(told.filter(({ type }) => type === "uploadRefused")).toEqual([]);
});
