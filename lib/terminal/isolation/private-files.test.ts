import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PrivateFiles } from "./private-files.ts";

test("a directory is full of empty files and folders, too", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "kubewitness-files-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const files = new PrivateFiles({ directory, owner: null, maxBytes: 100 * 1024 });
  await mkdir(path.join(directory, "folder"));
  for (let at = 0; at < 99; at++) await writeFile(path.join(directory, "folder", `${at}`), "");
  expect((await files.size()).files).toBe(100);
  expect(await files.room()).toBe(0);
});
