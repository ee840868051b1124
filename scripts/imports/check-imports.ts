import { readdirSync } from "node:fs";
import path from "node:path";
import { findViolations, type Violation } from "./import-rules.ts";
import { readSourceFile } from "./read-imports.ts";

const SOURCE = /(?<!\.d)\.tsx?$/;
const NOT_OURS = new Set(["node_modules", "generated", "data", "test-results", "playwright-report"]);

/** Checks every TypeScript file of the project. */
export function checkImports(root: string): { files: number; violations: Violation[] } {
  const files = listSources(root, "");
  return { files: files.length, violations: findViolations(files.map((file) => readSourceFile(root, file))) };
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
