import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { journalsOf } from "./directory.ts";
import { listSetAside, setAside } from "./set-aside.ts";

let data: string;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "kubewitness-set-aside-"));
});
afterEach(() => rm(data, { recursive: true }));

test("processes that set a journal aside at once name one and the same", async () => {
  const id = randomUUID();
  const journal = { id, path: path.join(journalsOf(data), id) };
  await mkdir(journal.path, { recursive: true });
  const named = await Promise.all([1, 2, 3].map(() => setAside(data, journal, "its lock cannot be read")));
  const aside = { id, path: path.join(journalsOf(data), "set-aside", id), reason: "its lock cannot be read" };
  expect(named).toEqual([aside, aside, aside]);
  expect(await listSetAside(data)).toEqual([aside]);
});

test("one that cannot be moved stays, and is named with the reason", async () => {
  const journal = { id: randomUUID(), path: path.join(journalsOf(data), "gone") };
  expect(await setAside(data, journal, "damaged")).toEqual({
    ...journal,
    reason: expect.stringMatching(/^damaged; it stays where it is \(ENOENT/),
  });
});
