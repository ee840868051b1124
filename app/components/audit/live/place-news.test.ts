import { expect, test } from "vitest";
import { RowPages } from "../table/row-pages.ts";
import { MOST_ARRIVED, placeNews } from "./place-news.ts";

const TOP = { paused: false, arrived: 0, more: false, isStale: false };

test("at the top new rows appear; while one reads they wait", () => {
  expect(placeNews(TOP)).toEqual({ appears: true, reload: false });
  expect(placeNews({ ...TOP, paused: true })).toEqual({ appears: false, reload: false });
});

test("more than were told of are read, once, and never under a reader", () => {
  expect(placeNews({ ...TOP, more: true })).toEqual({ appears: false, reload: true });
  expect(placeNews({ ...TOP, more: true, isStale: true })).toEqual({ appears: false, reload: false });
  expect(placeNews({ ...TOP, more: true, paused: true })).toEqual({ appears: false, reload: false });
});

test("50,000 rows that come while watching are let go of again", () => {
  const list = () =>
    new RowPages<number>({
      keyOf: (row) => row,
      firstPageSizes: [50],
      pageSize: 500,
      keptPages: 8,
      fetchPage: () => new Promise(() => {}),
    });
  let pages = list();
  let most = 0;
  for (let no = 0; no < 50_000; no += 20) {
    const news = Array.from({ length: 20 }, (_, at) => no + at);
    const { appears, reload } = placeNews({ ...TOP, arrived: pages.arrivedRows });
    if (appears) pages.prepend(news);
    if (reload) pages = list();
    most = Math.max(most, pages.heldRows);
  }
  expect(most).toBeLessThan(MOST_ARRIVED + 20);
});
