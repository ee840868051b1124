import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

test("docs/decisions/dependencies.md has a line for every dependency, and no others", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const sandbox = JSON.parse(read("sandbox/package.json"));
  const testPrograms = JSON.parse(read("scripts/test-programs/package.json")).dependencies;
  const wanted = Object.keys({
    ...dependencies,
    ...sandbox.dependencies,
    ...devDependencies,
    ...optionalDependencies,
    ...testPrograms,
  })
    .filter((name) => name !== sandbox.name)
    .map((name) => (name.startsWith("@types/") ? "@types/…" : name))
    .toSorted();
  const rows = read("docs/decisions/dependencies.md").matchAll(
    /^\| (?!-|Package|Development|For |Optional)([^|]+) \|/gm,
  );
  const described = [...rows].flatMap(([, names = ""]) => names.split(", ")).toSorted();
  expect(described).toEqual([...new Set(wanted)]);
});
