import { expect, test } from "vitest";
import { formatAge } from "./format.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [0, "0s"],
  [119, "119s"],
  [2 * minute + 39, "2m39s"],
  [3 * minute, "3m"],
  [12 * minute + 30, "12m"],
  [3 * hour + 5 * minute, "3h5m"],
  [9 * hour + 59 * minute, "9h"],
  [2 * day + 7 * hour, "2d7h"],
  [96 * day, "96d"],
  [731 * day, "2y1d"],
])("%i seconds are %s, as HumanDuration writes them", (seconds, text) => {
  expect(formatAge(seconds * 1000)).toBe(text);
});
