import { expect, test } from "vitest";
import { RecentMap } from "./recent-map.ts";

test("what is asked for stays, and what nobody asks for is forgotten", () => {
  const map = new RecentMap<number, string>(100);
  map.set(-1, "asked for");
  map.set(-2, "not asked for");
  for (let key = 0; key < 1_000; key++) {
    map.set(key, String(key));
    expect(map.get(-1)).toBe("asked for");
  }
  expect(map.get(-2)).toBeUndefined();
  for (let key = 1_000 - 98; key < 1_000; key++) expect(map.get(key)).toBe(String(key));
  const kept = Array.from({ length: 1_000 }, (_, key) => map.get(key)).filter((value) => value !== undefined);
  expect(kept.length).toBeLessThanOrEqual(300);
});
