import { expect, test } from "vitest";
import { ALWAYS, and, during, every, NEVER, type Standing, some } from "./standing.ts";

const holds = (since: number, until: number): Standing => ({ holds: true, since, until });
const fails = (since: number, until: number): Standing => ({ holds: false, since, until });
const itself = (standing: Standing) => standing;

test("of several that must all hold, the first to change says until when", () => {
  expect(every([], itself)).toBe(ALWAYS);
  expect(every([holds(1, 9), ALWAYS, holds(3, 12)], itself)).toEqual(holds(3, 9));
  expect(every([holds(1, 9), fails(2, 5), fails(3, 4)], itself)).toEqual(fails(2, 5));
});

test("of several of which one must hold, that one says until when; where none does, the first that may begin to", () => {
  expect(some([], itself)).toBe(NEVER);
  expect(some([NEVER, holds(1, 9), holds(1, 12)], itself)).toEqual(holds(1, 9));
  expect(some([fails(1, 9), NEVER, fails(2, 12)], itself)).toEqual(fails(2, 9));
});

test("what stands for ever changes nothing", () => {
  const standing = holds(1, 9);
  expect(during(standing, ALWAYS)).toBe(standing);
  expect(during(standing, NEVER)).toBe(standing);
});

test("of two, the second is asked only where the first holds", () => {
  const never = () => {
    throw new Error("asked");
  };
  expect(and(fails(1, 2), never)).toEqual(fails(1, 2));
  expect(and(holds(1, 9), () => fails(4, 5))).toEqual(fails(4, 5));
  expect(and(holds(1, 9), () => holds(4, 5))).toEqual(holds(4, 5));
});
