import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { TerminalText } from "./terminal-text.ts";

const textOf = (...parts: string[]): string => {
  const text = new TerminalText();
  return parts.map((part) => text.push(part)).join("") + text.endLine();
};

test.each([
  ["lines", "one\r\ntwo\r\n", "one\ntwo\n"],
  ["a line that does not end", "$ ", "$ \n"],
  ["colours", "\u001b[1;31mred\u001b[0m", "red\n"],
  ["a 256-colour sequence with colons", "\u001b[38:5:196mred", "red\n"],
  ["moves of the cursor and modes", "\u001b[2J\u001b[H\u001b[?1049htop\u001b[?25l", "top\n"],
  ["a title, ended with BEL", "\u001b]0;user@host: ~\u0007$ ls\r\n", "$ ls\n"],
  ["a title, ended with ST", "\u001b]2;title\u001b\\$ ", "$ \n"],
  ["a hyperlink", "\u001b]8;;https://example.com\u001b\\here\u001b]8;;\u001b\\", "here\n"],
  ["a device control string", "\u001bPq#0;2;0;0;0\u001b\\after", "after\n"],
  ["character sets and other short ones", "\u001b(B\u001b=\u001b>\u001b7x\u001b8\u001bM", "x\n"],
  ["sequences of one character (C1)", "\u009b1mbold\u009d0;title\u009cafter", "boldafter\n"],
  ["a sequence that is cancelled", "\u001b[12\u0018x", "x\n"],
  ["a sequence within another", "\u001b[12\u001b[0mx", "x\n"],
  ["tabs stay, other control characters do not", "a\tb\u0007c\u0000d\u007f", "a\tbcd\n"],
  ["a typing error that was mended", "lss\b \b -la\r\n", "ls -la\n"],
  ["what was written over stays", "10%\r20%\r100%\r\ndone\r\n", "10%\n20%\n100%\ndone\n"],
  ["returns before a line's end", "a\r\r\nb", "a\nb\n"],
  ["other scripts and emoji", "naïve 日本語 👩‍👩‍👧\r\n", "naïve 日本語 👩‍👩‍👧\n"],
])("%s", (_, shown, text) => {
  expect(textOf(shown)).toBe(text);
});

test("is the same wherever it is cut", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("\u001b", "[", "1;2", "m", "\r", "\n", "\b", "]0;t", "\u0007", "\\", "\u009b", "P", "👩"),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(textOf(...pieces)).toBe(textOf(pieces.join("")));
    }),
  );
});

test("has no control character but line breaks and tabs, whatever was shown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (shown) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: of these there is to be none
      expect(textOf(shown)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test("holds no more than a bounded line of output that has none", () => {
  const text = new TerminalText();
  let told = 0;
  for (let part = 0; part < 100; part++) told += text.push("x".repeat(10_000)).length;
  expect(told).toBeGreaterThan(990_000);
});
