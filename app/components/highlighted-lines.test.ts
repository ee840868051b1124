import { expect, test } from "vitest";
import { splitHighlightedLines } from "./highlighted-lines.ts";

test("a span over three lines is closed and opened again on each", () => {
  const markup = 'a: <span class="s">one\ntwo\nthree</span> # end';
  expect(splitHighlightedLines(markup)).toEqual([
    'a: <span class="s">one</span>',
    '<span class="s">two</span>',
    '<span class="s">three</span> # end',
  ]);
});

test("nested spans keep their order", () => {
  expect(splitHighlightedLines('<span class="a"><span class="b">x\ny</span></span>')).toEqual([
    '<span class="a"><span class="b">x</span></span>',
    '<span class="a"><span class="b">y</span></span>',
  ]);
});
