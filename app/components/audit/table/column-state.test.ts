import { expect, test } from "vitest";
import {
  defaultColumns,
  formatColumns,
  moveColumn,
  moveColumnTo,
  parseColumns,
  resizeColumn,
  toggleColumn,
} from "./column-state.ts";

const COLUMNS = [
  { id: "no", width: 70, pinned: true },
  { id: "name", width: 140, byDefault: true },
  { id: "role", width: 70 },
  { id: "verb", width: 60, byDefault: true, minWidth: 55 },
];

test("the default leaves no trace in the URL", () => {
  expect(formatColumns(defaultColumns(COLUMNS), COLUMNS)).toBeNull();
  expect(parseColumns(null, COLUMNS).shown).toEqual(["no", "name", "verb"]);
});

test("order, choice and widths survive the URL", () => {
  const state = resizeColumn(
    moveColumn(toggleColumn(defaultColumns(COLUMNS), "role", COLUMNS), "verb", -1, COLUMNS),
    "role",
    120,
    COLUMNS,
  );
  const text = formatColumns(state, COLUMNS);
  expect(text).toBe("no,name,verb,role:120");
  expect(parseColumns(text, COLUMNS)).toEqual(state);
});

test("unknown and repeated names are dropped, pinned columns stay first", () => {
  expect(parseColumns("verb,bogus,no,verb:9999999", COLUMNS)).toEqual({ shown: ["no", "verb"], widths: {} });
});

test("a column that comes back stands where it belongs", () => {
  expect(toggleColumn(defaultColumns(COLUMNS), "role", COLUMNS).shown).toEqual([
    "no",
    "name",
    "role",
    "verb",
  ]);
});

test("a pinned column neither moves nor leaves", () => {
  const state = defaultColumns(COLUMNS);
  expect(toggleColumn(state, "no", COLUMNS).shown).toEqual(state.shown);
  expect(moveColumnTo(state, "verb", "no", COLUMNS).shown).toEqual(["no", "verb", "name"]);
});

test("a width stays within its bounds, and the column's own width is not kept", () => {
  const state = defaultColumns(COLUMNS);
  expect(resizeColumn(state, "verb", 1, COLUMNS).widths).toEqual({ verb: 55 });
  expect(resizeColumn(state, "verb", 5000, COLUMNS).widths).toEqual({ verb: 900 });
  expect(resizeColumn(state, "verb", 60, COLUMNS).widths).toEqual({});
});
