import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { JournalDisk } from "./journal-disk.ts";
import { listSegments } from "./segment.ts";

let directory: string;
let disk: JournalDisk;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kubewitness-disk-"));
  disk = new JournalDisk({ directory, segmentBytes: 50_000, onSegment: () => {}, onCramped: () => {} });
  await disk.open();
  await disk.fillReserve();
});
afterEach(async () => {
  disk.close();
  await rm(directory, { recursive: true });
});

const bases = async () => (await listSegments(directory)).map(({ base }) => base);

test("where not even the reserve has the room, it begins anew once there is some", async () => {
  disk.write(Buffer.from("kept"));
  const full = Object.assign(new Error("no room"), { code: "ENOSPC" });
  const write = vi.spyOn(disk.files, "write").mockImplementation(() => {
    throw full;
  });
  expect(() => disk.write(Buffer.from("lost"))).toThrow("no room");
  disk.files.retire();
  write.mockRestore();
  await disk.reopen();
  disk.write(Buffer.from("more"));
  expect(await bases()).toEqual([0, 8, 12]);
});

test("what a failed flush took back while it began anew is not taken back once more", async () => {
  disk.write(Buffer.from("kept"));
  disk.files.retire();
  const reopened = disk.reopen();
  await Promise.resolve();
  expect(disk.files.bytes).toBeGreaterThan(4);
  disk.files.cutBack(4);
  await expect(reopened).rejects.toThrow();
  expect(await bases()).toEqual([0]);
});
