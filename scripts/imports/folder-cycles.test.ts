import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkImports } from "./check-imports.ts";
import { findFolderCycles } from "./folder-cycles.ts";
import type { SourceFile } from "./read-imports.ts";

/** Files and the files that each imports, one a line. */
const filesOf = (imports: Record<string, string[]>): SourceFile[] =>
  Object.entries(imports).map(([file, targets]) => {
    const found = targets.map((target, index) => {
      return { line: index + 1, specifier: `to ${target}`, target, typeOnly: false };
    });
    return { file, client: false, imports: found, environmentReads: [] };
  });

it("finds two folders that use each other, at the fewer imports", () => {
  const files = filesOf({
    "lib/events/entries.ts": ["lib/query/rows.ts", "lib/query/texts.ts"],
    "lib/events/record.ts": [],
    "lib/query/rows.ts": [],
    "lib/query/texts.ts": ["lib/query/rows.ts", "lib/events/record.ts"],
  });
  const circle = ["lib/query", "lib/events", "lib/query"];
  expect(findFolderCycles(files)).toEqual([
    { file: "lib/query/texts.ts", line: 2, specifier: "to lib/events/record.ts", circle },
  ]);
});

it("finds a longer circle, once", () => {
  const files = filesOf({
    "lib/a/x.ts": ["lib/b/x.ts"],
    "lib/b/x.ts": ["lib/c/x.ts"],
    "lib/c/x.ts": ["lib/d/x.ts"],
    "lib/d/x.ts": [],
    "lib/c/y.ts": ["lib/a/y.ts"],
    "lib/a/y.ts": [],
  });
  expect(findFolderCycles(files).map(({ circle }) => circle)).toEqual([["lib/a", "lib/b", "lib/c", "lib/a"]]);
});

it("takes a parent and its child for two folders, and a type for a use", () => {
  const [parent, child] = filesOf({
    "lib/config.ts": ["lib/config/load.ts"],
    "lib/config/load.ts": ["lib/config.ts"],
  });
  expect(findFolderCycles([parent!, { ...child!, imports: [] }])).toEqual([]);
  const ofTypes = child!.imports.map((imported) => ({ ...imported, typeOnly: true }));
  expect(findFolderCycles([parent!, { ...child!, imports: ofTypes }])).toHaveLength(1);
});

it("is part of the check of the project's imports", () => {
  const root = mkdtempSync(path.join(tmpdir(), "kubewitness-cycles-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (file: string, source: string) => {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  };
  write("lib/a/x.ts", 'import { y } from "../b/y.ts";\nexport const x = y;\n');
  write("lib/b/y.ts", "export const y = 1;\n");
  write("lib/b/y.test.ts", 'import { x } from "../a/x.ts";\nx;\n');
  const circles = () => checkImports(root).violations.filter(({ text }) => text.includes("in a circle"));
  expect(circles()).toEqual([]);
  write("lib/b/z.ts", 'import type { x } from "../a/x.ts";\nexport type Z = typeof x;\n');
  expect(circles().map(({ text }) => text)).toEqual([
    "imports ../b/y.ts: no folders of lib in a circle (lib/a → lib/b → lib/a)",
  ]);
});
