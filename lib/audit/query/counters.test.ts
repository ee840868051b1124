import { describe, expect, it } from "vitest";
import fc from "../../../test/properties.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import { partsOf, type SignedPart, signedPartsOf } from "./counters.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./surface.ts";

const { counters } = REQUEST_SURFACE;
const at = fc.integer({ min: 0, max: 40 * DAY_MS });
const near = fc.integer({ min: 0, max: 3 * MINUTE_MS });

/** How often each moment is counted, as the times where that changes. */
function coverage(parts: readonly SignedPart[]): Map<number, number> {
  const steps = new Map<number, number>();
  const step = (time: number, by: number) => steps.set(time, (steps.get(time) ?? 0) + by);
  for (const { from, to, sign } of parts) {
    step(from, sign);
    step(to, -sign);
  }
  return new Map([...steps].filter(([, by]) => by !== 0).sort(([a], [b]) => a - b));
}

const millisecondsOf = (parts: readonly SignedPart[], unit: number | null) =>
  parts
    .filter(({ counter }) => (counter?.milliseconds ?? null) === unit)
    .reduce((sum, { from, to }) => sum + to - from, 0);

describe("a window cut into parts", () => {
  it.each([
    ["to be added up", signedPartsOf],
    [
      "in order",
      (from: number, to: number, units: typeof counters) =>
        partsOf(from, to, units).map((part) => ({ ...part, sign: 1 as const })),
    ],
  ])("is covered once, and nothing else is, %s", (_, cut) => {
    const windows = fc.oneof(
      fc.tuple(at, at),
      fc.tuple(at, near).map(([from, length]) => [from, from + length] as const),
    );
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 3 }), ([a, b], depth) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const parts = cut(from, to, counters.slice(depth));
        expect([...coverage(parts)]).toEqual(
          from === to
            ? []
            : [
                [from, 1],
                [to, -1],
              ],
        );
        for (const { from: start, to: end, counter } of parts) {
          const unit = counter?.milliseconds ?? 1;
          expect([start % unit, end % unit, end > start]).toEqual([0, 0, true]);
        }
      }),
    );
  });

  it("asks the finer counters for half of a wider one at most, at each end", () => {
    fc.assert(
      fc.property(at, at, (a, b) => {
        const parts = signedPartsOf(Math.min(a, b), Math.max(a, b) + DAY_MS, counters);
        expect(millisecondsOf(parts, HOUR_MS)).toBeLessThanOrEqual(DAY_MS);
        expect(millisecondsOf(parts, MINUTE_MS)).toBeLessThanOrEqual(HOUR_MS * 2);
        expect(millisecondsOf(parts, null)).toBeLessThanOrEqual(MINUTE_MS * 4);
      }),
    );
  });

  it("never goes beyond the year 9999", () => {
    const end = Date.parse("9999-12-31T23:59:59.999Z");
    const parts = signedPartsOf(0, end, counters);
    expect(Math.max(...parts.map(({ to }) => to))).toBe(end);
    expect([...coverage(parts)]).toEqual([
      [0, 1],
      [end, -1],
    ]);
  });
});
