import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { TupleCounts } from "./tuple-counts.ts";

const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer(), fc.constant(2 ** 31 - 1));

test("each tuple is counted by itself, however many there are", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, number), { maxLength: 500 }), (tuples) => {
      const expected = new Map<string, number>();
      const counts = new TupleCounts(3);
      for (const tuple of tuples) {
        counts.add(Int32Array.from(tuple));
        expected.set(tuple.join(), (expected.get(tuple.join()) ?? 0) + 1);
      }
      const [first, second, third, count] = [0, 1, 2, 3].map((place) => counts.column(place));
      const counted = first!.map((value, index) => [
        `${value},${second![index]},${third![index]}`,
        count![index],
      ]);
      expect(counted).toEqual([...expected]);
    }),
  );
});
