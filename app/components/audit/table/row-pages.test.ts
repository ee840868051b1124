import { expect, test } from "vitest";
import { RowPages } from "./row-pages.ts";

const PAGE = 50;

/** A list of `total` numbers, newest (highest) first, read by cursor. */
function listOf(total: number, keptPages = 4) {
  const asked: (string | null)[] = [];
  const pages = new RowPages<number>({
    pageSize: PAGE,
    keptPages,
    fetchPage: async (cursor) => {
      asked.push(cursor);
      const top = cursor === null ? total : Number(cursor);
      const rows = Array.from({ length: Math.min(PAGE, top) }, (_, at) => top - at);
      return { rows, next: top > PAGE ? String(top - PAGE) : null };
    },
  });
  return { pages, asked };
}

function settled(pages: RowPages<number>): Promise<void> {
  return new Promise((resolve) => {
    const leave = pages.subscribe(() => {
      if (pages.isLoading) return;
      leave();
      resolve();
    });
    if (pages.isLoading) return;
    leave();
    resolve();
  });
}

async function scrollTo(pages: RowPages<number>, index: number) {
  pages.ensure(index, index + 30);
  await settled(pages);
}

test("the first page says how many rows are known and whether there are more", async () => {
  const { pages } = listOf(120);
  expect(pages.firstPageLoaded).toBe(false);
  await scrollTo(pages, 0);
  expect(pages.rowCount).toBe(50);
  expect(pages.isComplete).toBe(false);
  expect(pages.rowAt(0)).toBe(120);
});

test("scrolling on reads page after page to the exact end", async () => {
  const { pages } = listOf(120);
  for (let index = 0; index < 200; index += 30) await scrollTo(pages, index);
  expect(pages.isComplete).toBe(true);
  expect(pages.rowCount).toBe(120);
  expect(pages.rowAt(119)).toBe(1);
  expect(pages.rowAt(120)).toBeUndefined();
});

test("100,000 rows scrolled hold a window, and the top comes back by its cursor", async () => {
  const { pages, asked } = listOf(100_000, 8);
  for (let index = 0; index < 100_000; index += PAGE) {
    await scrollTo(pages, index);
    expect(pages.heldRows).toBeLessThanOrEqual(8 * PAGE);
  }
  expect(pages.rowCount).toBe(100_000);
  expect(pages.rowAt(99_999)).toBe(1);
  expect(pages.rowAt(0)).toBeUndefined();
  asked.length = 0;
  await scrollTo(pages, 0);
  expect(asked).toEqual([null]);
  expect(pages.rowAt(0)).toBe(100_000);
});

test("rows that arrive stand first and shift the others, and none comes twice", async () => {
  const { pages } = listOf(60);
  await scrollTo(pages, 0);
  pages.prepend([62, 61, 60], (a, b) => a === b);
  expect([0, 1, 2].map((index) => pages.rowAt(index))).toEqual([62, 61, 60]);
  expect(pages.rowCount).toBe(52);
  expect(pages.indexOf((row) => row === 60)).toBe(2);
});

test("a failed page is told, stops further requests, and can be tried again", async () => {
  let broken = true;
  const pages = new RowPages<number>({
    pageSize: PAGE,
    keptPages: 4,
    fetchPage: async () => {
      if (broken) throw new Error("no answer");
      return { rows: [1], next: null };
    },
  });
  pages.ensure(0, 30);
  await settled(pages);
  expect(pages.error).toEqual(new Error("no answer"));
  broken = false;
  pages.retry();
  await settled(pages);
  expect(pages.error).toBeNull();
  expect(pages.rowAt(0)).toBe(1);
});

test("requests that nobody waits for any more are given up without a failure", async () => {
  const signals: AbortSignal[] = [];
  const pages = new RowPages<number>({
    pageSize: PAGE,
    keptPages: 4,
    fetchPage: (_cursor, signal) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  pages.ensure(0, 30);
  expect(pages.isLoading).toBe(true);
  pages.dispose();
  await Promise.resolve();
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  expect(pages.isLoading).toBe(false);
  expect(pages.error).toBeNull();
});
