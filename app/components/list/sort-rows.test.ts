import { expect, test } from "vitest";
import type { ListColumn } from "./list-column.ts";
import { nextSort, readSort, sortRows } from "./sort-rows.ts";

interface Row {
  name: string;
  members: number;
  usedAt: string | null;
}

const column = (id: string, sortBy?: ListColumn<Row>["sortBy"]): ListColumn<Row> => ({
  id,
  label: id,
  width: 100,
  sortBy,
  cell: () => null,
});
const COLUMNS = [
  column("name", ({ name }) => name),
  column("members", ({ members }) => members),
  column("used", ({ usedAt }) => usedAt),
  column("id"),
];
const ROWS: Row[] = [
  { name: "node10", members: 9, usedAt: null },
  { name: "Node2", members: 10, usedAt: "2026-11-20T10:00:00.000Z" },
  { name: "éclair", members: 9, usedAt: "2026-11-19T10:00:00.000Z" },
];
const sorted = (text: string) => sortRows(ROWS, COLUMNS, readSort(text, COLUMNS)).map(({ name }) => name);

test("text sorts as people read it: without case, numbers by their size", () => {
  expect(sorted("name")).toEqual(["éclair", "Node2", "node10"]);
  expect(sorted("-name")).toEqual(["node10", "Node2", "éclair"]);
});

test("numbers sort by their size, and equal rows keep their order in both directions", () => {
  expect(sorted("members")).toEqual(["node10", "éclair", "Node2"]);
  expect(sorted("-members")).toEqual(["Node2", "node10", "éclair"]);
});

test("rows without a value come last in both directions", () => {
  expect(sorted("used")).toEqual(["éclair", "Node2", "node10"]);
  expect(sorted("-used")).toEqual(["Node2", "éclair", "node10"]);
});

test("a column that is not there or does not sort leaves the list's own order", () => {
  for (const text of ["", "id", "-nothing", "--name"]) expect(readSort(text, COLUMNS)).toBeNull();
  expect(sortRows(ROWS, COLUMNS, null)).toBe(ROWS);
});

test("a name is pressed: ascending, descending, the list's own order", () => {
  const press = (text: string | null) => nextSort(readSort(text, COLUMNS), "name");
  expect(press(null)).toBe("name");
  expect(press("name")).toBe("-name");
  expect(press("-name")).toBeNull();
  expect(press("members")).toBe("name");
});
