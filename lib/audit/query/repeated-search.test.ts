import { expect, test } from "vitest";
import { findRepeated, type RecordedSearch, rememberSearch } from "./repeated-search.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-11-28T09:00:00Z");
const seen = (from: number, at = START): RecordedSearch => {
  return { firstFrom: from, lastFrom: from, startedAt: at, seenAt: at, recorded: Promise.resolve() };
};

test("a page of the last hour that refreshes itself for three hours is one search", () => {
  const search = seen(START - HOUR);
  for (let now = START; now < START + 3 * HOUR; now += 2_000) {
    expect(findRepeated([search], now - HOUR, now)).toBe(search);
    Object.assign(search, { lastFrom: now - HOUR, seenAt: now });
    // Further rows come from the window that the list began with.
    expect(findRepeated([search], START - HOUR, now)).toBe(search);
  }
});

test("today, asked for again within ten minutes, is one search; after a pause it is another", () => {
  const search = seen(START - 9 * HOUR);
  expect(findRepeated([search], search.firstFrom, START + 9 * MINUTE)).toBe(search);
  expect(findRepeated([search], search.firstFrom, START + 11 * MINUTE)).toBeNull();
});

test("a page that is left open is on the record once a day", () => {
  const search = { ...seen(START - HOUR), seenAt: START + 25 * HOUR };
  expect(findRepeated([search], search.seenAt - HOUR, search.seenAt + 1_000)).toBeNull();
});

test("paging through hours is a search each, forwards and backwards", () => {
  const search = seen(START - 10 * HOUR);
  expect(findRepeated([search], START - 9 * HOUR, START + 5_000)).toBeNull();
  expect(findRepeated([search], START - 11 * HOUR, START + 5_000)).toBeNull();
});

test("two windows that are watched side by side stay two", () => {
  const today = seen(START - 9 * HOUR);
  const yesterday = seen(START - 33 * HOUR);
  const both = rememberSearch([today], yesterday);
  expect(findRepeated(both, today.firstFrom, START + 2_000)).toBe(today);
  expect(findRepeated(both, yesterday.firstFrom, START + 2_000)).toBe(yesterday);
});

test("what is remembered has a bound", () => {
  let all: RecordedSearch[] = [];
  for (let at = 0; at < 100; at++) all = rememberSearch(all, seen(START - at * 24 * HOUR, START + at));
  expect(all).toHaveLength(8);
  expect(all[0]!.seenAt).toBe(START + 99);
});
