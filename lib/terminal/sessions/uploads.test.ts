import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { ServerMessage } from "./schema.ts";
import { Uploads } from "./uploads.ts";

const FILE = { id: "7d2f3c1e-5a4b-4c3d-9e8f-1a2b3c4d5e6f", name: "app.yaml", size: 8 };

test("keeps what arrives whole", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-upload-"));
  const told: ServerMessage[] = [];
  const uploads = new Uploads(folder, (message) => told.push(message));
  uploads.begin(FILE);
  expect(uploads.take(Buffer.from("kind"))).toBe(true);
  expect(uploads.take(Buffer.from(": Po"))).toBe(true);
  const kept = await uploads.end(FILE.id);
  expect(await readFile(kept!.path, "utf8")).toBe("kind: Po");
  expect(told.at(-1)).toEqual({ type: "uploaded", id: FILE.id, bytes: 8 });
  await rm(folder, { recursive: true });
});

test("says at once what could not be kept, once, and goes on", async () => {
  const folder = path.join(tmpdir(), "kubewitness-there-is-none", "files");
  const told: ServerMessage[] = [];
  const uploads = new Uploads(folder, (message) => told.push(message));
  uploads.begin(FILE);
  expect(uploads.take(Buffer.from("kind"))).toBe(true);
  await expect.poll(() => told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    type: "uploadRefused",
    message: expect.stringContaining("could not be kept"),
  });
  expect(uploads.take(Buffer.from(": Po"))).toBe(true);
  expect(await uploads.end(FILE.id)).toBeNull();
  expect(told).toHaveLength(1);
});
