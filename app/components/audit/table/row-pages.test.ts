import { expect, test } from "vitest";
import { type PagePlace, RowPages } from "./row-pages.ts";

const FIRST = 50;
const PAGE = 500;

/** A list of numbers, newest (highest) first, read by cursor or from a place in it. */
function listOf(numbers: number[], keptPages = 4) {
  const asked: PagePlace[] = [];
  const pages = new RowPages<number>({
    keyOf: (row) => row,
    firstPageSizes: [FIRST],
    pageSize: PAGE,
    keptPages,
    fetchPage: async (place) => {
      asked.push(place);
      const { cursor, offset, limit } = place;
      const start = cursor === null ? offset : numbers.findIndex((number) => number < Number(cursor));
      const rows = start < 0 ? [] : numbers.slice(start, start + limit);
      return { rows, next: start >= 0 && start + limit < numbers.length ? String(rows.at(-1)) : null };
    },
  });
  return { pages, asked };
}

const downFrom = (total: number) => Array.from({ length: total }, (_, at) => total - at);

/** What a view of 30 rows asks for, again as long as something comes of it. */
async function scrollTo(pages: RowPages<number>, index: number, isPassing = false) {
  for (;;) {
    pages.ensure(index, index + 30, isPassing);
    if (!pages.isLoading) return;
    await new Promise<void>((resolve) => {
      const leave = pages.subscribe(() => {
        leave();
        resolve();
      });
    });
  }
}

test("the first page is short, and says how many rows are known and whether there are more", async () => {
  const { pages, asked } = listOf(downFrom(120));
  expect(pages.firstPageLoaded).toBe(false);
  pages.ensure(0, 10);
  await scrollTo(pages, 0);
  expect(asked[0]).toEqual({ cursor: null, offset: 0, limit: FIRST });
  expect(pages.rowCount).toBe(50);
  expect(pages.isComplete).toBe(false);
  expect(pages.hasMore).toBe(true);
  expect(pages.rowAt(0)).toBe(120);
});

test("scrolling on reads page after page to the exact end", async () => {
  const { pages } = listOf(downFrom(1_120));
  for (let index = 0; index < 1_200; index += 30) await scrollTo(pages, index);
  expect(pages.isComplete).toBe(true);
  expect(pages.hasMore).toBe(false);
  expect(pages.rowCount).toBe(1_120);
  expect(pages.rowAt(1_119)).toBe(1);
  expect(pages.rowAt(1_120)).toBeUndefined();
});

test("100,000 rows are read in 201 requests, hold a window, and the top comes back", async () => {
  const { pages, asked } = listOf(downFrom(100_000));
  for (let index = 0; index < 100_000; index += 300) {
    await scrollTo(pages, index);
    expect(pages.heldRows).toBeLessThanOrEqual(4 * PAGE);
  }
  expect(asked.length).toBe(201);
  expect(pages.rowCount).toBe(100_000);
  expect(pages.rowAt(99_999)).toBe(1);
  expect(pages.rowAt(0)).toBeUndefined();
  await scrollTo(pages, 0);
  expect(pages.rowAt(0)).toBe(100_000);
});

test("with a total, the end is one request away", async () => {
  const { pages, asked } = listOf(downFrom(100_000));
  await scrollTo(pages, 0);
  pages.setTotal(100_000);
  expect(pages.rowCount).toBe(100_000);
  expect(pages.hasMore).toBe(false);
  asked.length = 0;
  await scrollTo(pages, 99_969);
  expect(asked).toEqual([{ cursor: null, offset: 99_550, limit: PAGE }]);
  expect(pages.rowAt(99_999)).toBe(1);
  expect(pages.isComplete).toBe(true);
});

test("while the view only goes by, no place is counted to", async () => {
  const { pages, asked } = listOf(downFrom(100_000));
  await scrollTo(pages, 0);
  pages.setTotal(100_000);
  asked.length = 0;
  await scrollTo(pages, 40_000, true);
  expect(asked).toEqual([]);
  await scrollTo(pages, 40_000);
  expect(pages.rowAt(40_000)).toBe(60_000);
});

test("where pages that were counted to meet, no row is missing and none comes twice", async () => {
  const numbers = downFrom(5_000);
  const { pages } = listOf(numbers, 20);
  await scrollTo(pages, 0);
  pages.setTotal(5_000);
  await scrollTo(pages, 3_000);
  // Calls that are recorded late, among those in between: what is counted to from now on lies seven rows off.
  numbers.splice(2_000, 0, ...Array.from({ length: 7 }, (_, at) => 3_000.9 - at / 10));
  for (let index = 2_970; index > 0; index -= 30) await scrollTo(pages, index);
  for (let index = 0; index < 5_100; index += 30) await scrollTo(pages, index);
  const shown = Array.from({ length: pages.rowCount }, (_, index) => pages.rowAt(index));
  expect(shown).toEqual(numbers);
});

test("a total that is too high is corrected at the end", async () => {
  const { pages } = listOf(downFrom(700));
  await scrollTo(pages, 0);
  pages.setTotal(900);
  await scrollTo(pages, 860);
  await scrollTo(pages, 660);
  expect(pages.rowCount).toBe(700);
  expect(pages.rowAt(699)).toBe(1);
});

test("rows that arrive stand first and shift the others, and none comes twice", async () => {
  const { pages } = listOf(downFrom(60));
  await scrollTo(pages, 0);
  pages.prepend([62, 61, 60]);
  expect([0, 1, 2].map((index) => pages.rowAt(index))).toEqual([62, 61, 60]);
  expect(pages.arrivedRows).toBe(2);
  expect(pages.indexOf((row) => row === 60)).toBe(2);
});

test("a failed page is told, stops further requests, and can be tried again", async () => {
  let broken = true;
  const pages = new RowPages<number>({
    keyOf: (row) => row,
    firstPageSizes: [FIRST],
    pageSize: PAGE,
    keptPages: 4,
    fetchPage: async () => {
      if (broken) throw new Error("no answer");
      return { rows: [1], next: null };
    },
  });
  await scrollTo(pages, 0);
  expect(pages.error).toEqual(new Error("no answer"));
  pages.retry();
  expect(pages.error).not.toBeNull();
  broken = false;
  await expect.poll(() => pages.isLoading).toBe(false);
  pages.retry();
  await expect.poll(() => pages.error).toBeNull();
  expect(pages.error).toBeNull();
  expect(pages.rowAt(0)).toBe(1);
});

test("requests that nobody waits for any more are given up without a failure", async () => {
  const signals: AbortSignal[] = [];
  const pages = new RowPages<number>({
    keyOf: (row) => row,
    firstPageSizes: [FIRST],
    pageSize: PAGE,
    keptPages: 4,
    fetchPage: (_place, signal) => {
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
