import { expect, test } from "vitest";
import { layOutColumns } from "./column-layout.ts";

const COLUMNS = [
  { id: "no", width: 70, pinned: true },
  { id: "at", width: 90, pinned: true },
  { id: "message", width: 200, flexible: true },
  { id: "client", width: 100 },
];

test("pinned columns stand at their distance from the left", () => {
  const { placed } = layOutColumns(COLUMNS, ["no", "at", "client"], { no: 80 }, 0);
  expect(placed.map((place) => place.left)).toEqual([0, 80, null]);
  expect(placed.map((place) => place.isLastPinned)).toEqual([false, true, false]);
});

test("the message takes the spare width, else the last column", () => {
  expect(layOutColumns(COLUMNS, ["no", "message", "client"], {}, 1000).placed[1]?.width).toBe(830);
  expect(layOutColumns(COLUMNS, ["no", "client"], {}, 1000).placed[1]?.width).toBe(930);
});

test("what does not fit scrolls: nothing shrinks", () => {
  expect(layOutColumns(COLUMNS, ["no", "at", "message", "client"], {}, 300).total).toBe(460);
});
