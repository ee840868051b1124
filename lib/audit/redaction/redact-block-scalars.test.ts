import { expect, test } from "vitest";
import { redactFileText } from "./redact-text.ts";

const SECRET = "hunter2hunter2";
const MARK = "[redacted 14 bytes]";

test.each(["|", ">", ">-", "|2-", "| # why"])(
  "a secret in the lines below its name is taken out (%s)",
  (mark) => {
    const text = `users:\n- client-key-data: ${mark}\n    ${SECRET}\n\n  name: a\nnotes: |\n  kept\n  too\n`;
    expect(redactFileText(text)).toBe(
      `users:\n- client-key-data: ${MARK}\n  name: a\nnotes: |\n  kept\n  too\n`,
    );
  },
);

test("all of its lines are, up to the text's end", () => {
  const text = `user:\r\n  password: |\r\n    ${SECRET}\r\n    ${SECRET}`;
  expect(redactFileText(text)).toBe("user:\r\n  password: [redacted 34 bytes]");
});

test("other blocks and empty ones stay", () => {
  const text = "compass: |\n  north\npassword: |\n\nnext: >-\n  a\n  b\n";
  expect(redactFileText(text)).toContain("compass: |\n  north\n");
  expect(redactFileText(text)).toContain("next: >-\n  a\n  b\n");
});

test.each(["password: |\n", "password: |\n ", " password: |", "- ", "a: |\n password: >\n"])(
  "a large text of %j is searched in time",
  (unit) => {
    expect(redactFileText(unit.repeat(250_000 / unit.length)).length).toBeGreaterThan(0);
  },
);
