import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/security.md"), "utf8");
const lines = page.split("\n").filter((line) => /^\| \d+ \|/.test(line));

/** The test files that a line names, each with the names of tests in it. */
function proofsOf(line: string): { file: string; names: string[] }[] {
  const proof = line.split("|")[3] ?? "";
  return proof
    .split(/(?=`[\w./-]+\.(?:test|spec)\.ts`)/)
    .slice(1)
    .map((part) => {
      const [, file = "", names = ""] = /^`([^`]+)`:?(.*)$/.exec(part.trim()) ?? [];
      const listed = names.replaceAll(/\([^)]*\)/g, "").split(";");
      return { file, names: listed.map((name) => name.trim()).filter(Boolean) };
    });
}

describe("docs/security.md", () => {
  test("has each line of the list once", () => {
    const numbers = lines.map((line) => Number(line.split("|")[1]));
    expect(numbers.slice(0, 22)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test.each(lines)("names tests that are there: %s", (line) => {
    const proofs = proofsOf(line);
    if (!line.includes("(below)")) expect(proofs).not.toEqual([]);
    for (const { file, names } of proofs) {
      const source = readFileSync(path.join(root, file), "utf8").replaceAll("`", "");
      for (const name of names) expect(source, `${file}: ${name}`).toContain(name.replaceAll("`", ""));
    }
  });
});
