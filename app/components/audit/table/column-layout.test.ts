import { expect, test } from "vitest";
import { layOutColumns } from "./column-layout.ts";

const COLUMNS = [
  { id: "no", width: 70, pinned: true },
  { id: "at", width: 90, pinned: true },
  { id: "message", width: 200, leastWidth: 150, flexible: true },
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

test("the message narrows until it is in sight, and no further", () => {
  const SHOWN = ["no", "at", "message", "client"];
  const widthOfMessage = (available: number, widths = {}) =>
    layOutColumns(COLUMNS, SHOWN, widths, available).placed[2]?.width;
  // 70 and 90 before it, 100 after it.
  expect(widthOfMessage(600)).toBe(340);
  expect(widthOfMessage(410)).toBe(150);
  // The column after it does not fit any more: the message has the room.
  expect(widthOfMessage(400)).toBe(240);
  expect(widthOfMessage(320)).toBe(160);
  expect(widthOfMessage(200)).toBe(150);
  expect(layOutColumns(COLUMNS, SHOWN, {}, 320).total).toBe(420);
  expect(widthOfMessage(320, { message: 333 })).toBe(333);
});
