import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { capture } from "../testing/capture.ts";
import { printTable } from "./table.ts";

interface Row {
  name: string;
  note: string;
  status: number;
}
const columns = [
  { title: "NAME", value: ({ name }: Row) => name },
  { title: "NOTE", value: ({ note }: Row) => note, yields: true as const },
  {
    title: "STATUS",
    value: ({ status }: Row) => status,
    colour: ({ status }: Row) => (status > 399 ? ("red" as const) : undefined),
  },
];
const rows = [
  { name: "prod", note: "the one that pays for all of us, every day of the year", status: 200 },
  { name: "工場", note: "x", status: 503 },
];
const printed = (how: Parameters<typeof capture>[1], given: Row[] = rows) => {
  const terminal = capture({}, how);
  printTable(terminal, columns, given, "none");
  return terminal;
};

test("a table fits the terminal: what may be short is cut, what one searches for is whole", () => {
  const lines = printed({ columns: 40 }).stdout.trimEnd().split("\n");
  expect(lines[1]).toMatch(/^prod {2}the one that pays .*… +200$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
});

test("wide characters take two cells", () => {
  const [head, , factory] = printed({ columns: 80 }).stdout.split("\n");
  expect(factory!.indexOf("x")).toBe(head!.indexOf("NOTE") - 2);
});

test("to a file or a pipe nothing is cut and nothing is coloured", () => {
  const { stdout } = printed({});
  expect(stdout).toContain("the one that pays for all of us, every day of the year  200");
  expect(stdout).toBe(stripVTControlCharacters(stdout));
});

test("failures are red where there are colours", () => {
  expect(printed({ columns: 80, colours: true }).stdout).toContain("\u001b[31m503\u001b[0m");
});

test("what people named things moves no cursor and writes over no line", () => {
  const hostile = { name: "a\u001b[2J\u001b]0;title\u0007b", note: "x\r\ny\u202eabc", status: 200 };
  const { stdout } = printed({ columns: 80 }, [hostile]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/);
});

test("nothing to show is said apart from the output", () => {
  expect(printed({}, [])).toMatchObject({ stdout: "", stderr: "none\n" });
});
