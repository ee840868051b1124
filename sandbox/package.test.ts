import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { expect, it } from "vitest";
import { listSources } from "../scripts/imports/check-imports.ts";
import { readSourceFile } from "../scripts/imports/read-imports.ts";

const root = path.resolve(import.meta.dirname, "..");
const readPackage = (folder: string) =>
  JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
const { dependencies } = readPackage("sandbox");

it("imports the packages that its package.json names, and names no other", () => {
  const files = listSources(root, "sandbox").filter((file) => !/\.test\.ts$|\/testing\//.test(file));
  const imported = files
    .flatMap((file) => readSourceFile(root, file).imports)
    .filter(({ specifier, target }) => target === undefined && !isBuiltin(specifier))
    .map(({ specifier }) => specifier.match(/^(@[^/]+\/)?[^/]+/)![0]);
  // Read, not imported: its declarations describe the fields in kubectl explain.
  const expected = new Set([...imported, "@kubernetes/client-node"]);
  expect(Object.keys(dependencies).sort()).toEqual([...expected].sort());
});

it("has the same version of a package as the product, so that it is installed once", () => {
  const product = readPackage(".").dependencies;
  for (const [name, version] of Object.entries(dependencies))
    expect(product[name] ?? version, name).toBe(version);
});
