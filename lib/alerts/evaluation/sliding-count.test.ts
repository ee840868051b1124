import { describe, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { bucketLength, countByBucket, countFirings, findHit } from "./sliding-count.ts";

const MINUTE = 60_000;
const rule = { moreThan: 3, withinMs: 5 * MINUTE };
const at = (...seconds: number[]) =>
  countByBucket(
    seconds.map((second) => second * 1_000),
    rule,
  );

describe("more than a number within a time", () => {
  test.each<[string, number[], object | null]>([
    ["no more than that", [0, 60, 120], null],
    ["one more", [0, 60, 120, 180], { matches: 4, from: 0, to: 181_000 }],
    ["one more, too late", [0, 120, 240, 300], null],
    ["one more, just in time", [0, 120, 240, 299], { matches: 4, from: 0, to: 300_000 }],
    [
      "what is before the span is none of it",
      [0, 600, 610, 620, 630],
      { matches: 4, from: 600_000, to: 631_000 },
    ],
    ["what follows is the same thing", [0, 1, 2, 3, 900], { matches: 5, from: 0, to: 901_000 }],
    ["many at once", [7, 7, 7, 7, 7], { matches: 5, from: 7_000, to: 8_000 }],
  ])("%s", (_what, seconds, hit) => {
    expect(findHit(at(...seconds), rule)).toEqual(hit);
  });

  test("agrees with counting each time's neighbours, to a bucket", () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 8 }), (given, moreThan) => {
        const times = given.map((second) => second * 1_000);
        const most = Math.max(
          0,
          ...times.map((end) => times.filter((time) => time <= end && time > end - rule.withinMs).length),
        );
        const hit = findHit(countByBucket(times, rule), { ...rule, moreThan });
        expect(hit !== null).toBe(most > moreThan);
      }),
    );
  });

  test("is kept in no more than some hundred counts, however long it looks back", () => {
    for (const withinMs of [MINUTE, 60 * MINUTE, 1_440 * MINUTE])
      expect(withinMs / bucketLength({ withinMs })).toBeLessThanOrEqual(300);
  });
});

describe("how often it would have fired", () => {
  const any = { moreThan: 0, withinMs: MINUTE, againAfterMs: 10 * MINUTE };
  test.each<[string, number[], number]>([
    ["never without a match", [], 0],
    ["once for what comes together", [0, 0], 1],
    ["again for what came before it might, as soon as it may", [0, 120], 2],
    ["again for what comes later", [0, 3_600], 2],
    ["not for each while it waits", [0, 120, 130, 140, 3_600], 3],
  ])("%s", (_what, seconds, firings) => {
    const buckets = countByBucket(
      seconds.map((second) => second * 1_000),
      any,
    );
    expect(countFirings(buckets, any).firings).toBe(firings);
  });
});
