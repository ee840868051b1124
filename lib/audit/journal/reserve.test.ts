import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isOutOfRoom, Reserve, reserveFile } from "./reserve.ts";

const volume = vi.hoisted(() => ({ room: 0, opened: 0 }));
vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  return {
    ...real,
    statfs: async () => ({ bavail: volume.room, bsize: 1 }),
    open: (...parameters: Parameters<typeof real.open>) => {
      volume.opened += 1;
      return real.open(...parameters);
    },
  };
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kubewitness-reserve-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("is taken only where there is room for it and more, and until then takes none from who writes", async () => {
  const reserve = new Reserve(directory);
  volume.room = 512 * 1024;
  const failure: unknown = await reserve.fill().catch((error: unknown) => error);
  expect(isOutOfRoom(failure)).toBe(true);
  expect([reserve.held, volume.opened]).toEqual([false, 0]);
  volume.room = 2 ** 20;
  await reserve.fill();
  expect(reserve.held).toBe(true);
  expect((await stat(reserveFile(directory))).size).toBe(512 * 1024);
  reserve.spend();
  expect(existsSync(reserveFile(directory))).toBe(false);
});
