import { expect, test } from "vitest";
import { sameView } from "./view-query.ts";

test("a view is open whatever the order and escaping of its address, also while it is watched", () => {
  expect(
    sameView("filter=verb+%3D+%22get%22&from=today", "from=today&filter=verb%20%3D%20%22get%22&live=true"),
  ).toBe(true);
});

test("another filter, range or column is another view", () => {
  expect(sameView("from=today", "from=yesterday")).toBe(false);
  expect(sameView("", "columns=no")).toBe(false);
});
