import { readdirSync } from "node:fs";
import path from "node:path";
import { findFolderCycles } from "./folder-cycles.ts";
import { findViolations, isTest, type Violation } from "./import-rules.ts";
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
  return findFolderCycles(code).map(({ file, line, specifier, circle }) => {
    return {
      file,
      line,
      text: `imports ${specifier}: no folders of lib in a circle (${circle.join(" → ")})`,
    };
  });
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
