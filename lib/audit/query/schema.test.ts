import { expect, it } from "vitest";
import { wholeNumberParameter } from "./schema.ts";

const parameter = wholeNumberParameter(1, 500);

it.each(["1", "500", "007"])("takes %j", (text) => {
  expect(parameter.parse(text)).toBe(Number(text));
});

it.each(["", "0", "-1", "501", "1.5", "1e2", "0x10", " 5 ", "5 ", "five", "99999999999999999999"])(
  "refuses %j, once",
  (text) => {
    const { error } = parameter.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual(["a whole number from 1 to 500"]);
  },
);
