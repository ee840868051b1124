import { getHeapSpaceStatistics } from "node:v8";

/** Megabytes. */
export interface ProcessMemory {
  heapUsed: number;
  heapTotal: number;
  external: number;
  arrayBuffers: number;
  newSpace: number;
  /** What the heap held after a whole collection, where one was asked for. */
  alive: number | null;
  aliveExternal: number | null;
}

const MEGABYTE = 2 ** 20;
const megabytes = (bytes: number) => Math.round((bytes / MEGABYTE) * 10) / 10;

/** What this process holds, as V8 counts it. */
export function readMemory({ collect }: { collect: boolean }): ProcessMemory {
  const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const newSpace = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  const memory: ProcessMemory = {
    heapUsed: megabytes(heapUsed),
    heapTotal: megabytes(heapTotal),
    external: megabytes(external),
    arrayBuffers: megabytes(arrayBuffers),
    newSpace: megabytes(newSpace?.space_size ?? 0),
    alive: null,
    aliveExternal: null,
  };
  if (collect && globalThis.gc) {
    globalThis.gc();
    const after = process.memoryUsage();
    memory.alive = megabytes(after.heapUsed);
    memory.aliveExternal = megabytes(after.external);
  }
  return memory;
}
