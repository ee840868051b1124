import { readdirSync } from "node:fs";
import path from "node:path";
import { findFolderCycles, findMendedCycles } from "./folder-cycles.ts";
import { findViolations, isTest, type Violation } from "./import-rules.ts";
import { KNOWN_CYCLES } from "./known-cycles.ts";
import { readSourceFile, type SourceFile } from "./read-imports.ts";

const SOURCE = /(?<!\.d)\.tsx?$/;
const NOT_OURS = new Set(["node_modules", "generated", "data", "test-results", "playwright-report"]);

/** Checks every TypeScript file of the project. */
export function checkImports(root: string): { files: number; violations: Violation[] } {
  const files = listSources(root, "").map((file) => readSourceFile(root, file));
  return { files: files.length, violations: [...findViolations(files), ...circlesOfLib(files)] };
}

function circlesOfLib(files: readonly SourceFile[]): Violation[] {
  const code = files.filter(({ file }) => file.startsWith("lib/") && !isTest(file));
  const circles = findFolderCycles(code, KNOWN_CYCLES).map(({ file, line, specifier, circle }) => {
    return {
      file,
      line,
      text: `imports ${specifier}: no folders of lib in a circle (${circle.join(" → ")})`,
    };
  });
  const mended = findMendedCycles(code, KNOWN_CYCLES).map(([from, to]) => {
    return {
      file: "scripts/imports/known-cycles.ts",
      line: 1,
      text: `${from} → ${to} is on no circle any more: take it off`,
    };
  });
  return [...circles, ...mended];
}

/** The TypeScript files in a folder of `root` and below it, but for declarations and what is installed or generated. */
export function listSources(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      return NOT_OURS.has(entry.name) || entry.name.startsWith(".") ? [] : listSources(root, file);
    }
    return SOURCE.test(entry.name) ? [file] : [];
  });
}
