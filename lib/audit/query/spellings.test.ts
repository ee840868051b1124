import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { matchesPart } from "../../filter/contains.ts";
import { spellingsOf } from "./spellings.ts";

const lowerOfAscii = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

test.each([
  ["ö", []],
  ["größe", ["größe", "größe".replace("ö", "Ö")]],
  ["minimal", ["minimal"]],
])("%s may be written in these ways", (needle, ways) => {
  expect(spellingsOf(needle)).toEqual(expect.arrayContaining(ways));
});

test("text that has a needle in any case has one of its spellings, once ASCII is folded", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."aBzöÖßẞéÉжЖσςΣ漢 1%_") });
  fc.assert(
    fc.property(
      letters,
      letters,
      fc.string({ unit: fc.constantFrom(..."aBöÖßжЖΣ漢 "), minLength: 3 }),
      (before, after, needle) => {
        for (const text of [needle, needle.toUpperCase(), needle.toLowerCase()]) {
          const whole = before + text + after;
          const spellings = spellingsOf(needle);
          if (!matchesPart(":", whole, needle) || spellings.length === 0) continue;
          expect(spellings.some((spelling) => lowerOfAscii(whole).includes(spelling))).toBe(true);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
