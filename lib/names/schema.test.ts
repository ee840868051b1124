import { expect, test } from "vitest";
import { nameText } from "./schema.ts";

const name = nameText(20);

test.each(["Alice Moreau", " José Ñúñez ", "עדה כהן", "O’Brien (ops)", "👩‍🚀 crew"])(
  "%s is a name",
  (text) => {
    expect(name.parse(text)).toBe(text.trim());
  },
);

test.each([
  ["a right-to-left override", "alice\u202eecila"],
  ["an embedding", "a\u202ab"],
  ["an isolate", "a\u2066b"],
  ["a left-to-right mark", "a\u200eb"],
  ["a control character", "a\u0007b"],
  ["a line break", "a\nb"],
  ["a C1 control character", "a\u0085b"],
])("a name with %s is refused", (_what, text) => {
  expect(name.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
    "takes a name without control characters and without marks that change the direction of text",
  ]);
});

test.each(["", "   ", "N".repeat(21)])("%j is no name", (text) => {
  expect(name.safeParse(text).error?.issues[0]?.message).toBe("takes a name of 1 to 20 characters");
});
