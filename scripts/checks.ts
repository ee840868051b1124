import { rmSync } from "node:fs";
import path from "node:path";
import { checkImports } from "./imports/check-imports.ts";
import { announce, projectRoot, runCaptured, runProgram } from "./steps.ts";
import { type Tally, tallyOfCheck } from "./tally.ts";

/** The checks that read the sources only; each counts as one. All run, also after one failed. */
export async function runChecks(): Promise<Tally[]> {
  return [await checkFormat(), await checkTypes(), checkDirections()];
}

async function checkFormat(): Promise<Tally> {
  announce("Format and lint (biome check)");
  const code = await runProgram("biome", ["check", "--max-diagnostics=50"]);
  return tallyOf("Format and lint", code === 0);
}

async function checkTypes(): Promise<Tally> {
  announce("Types (tsc)");
  // What a development server once wrote may name routes that are gone.
  rmSync(path.join(projectRoot, ".next/dev/types"), { recursive: true, force: true });
  // Writes next-env.d.ts and the types of routes, which a clean checkout lacks.
  const typegen = await runCaptured("next", ["typegen"]);
  if (typegen.code !== 0) process.stdout.write(typegen.output);
  const types = await runProgram("tsc", ["--noEmit", "-p", "."]);
  return tallyOf("Types", typegen.code === 0 && types === 0);
}

function checkDirections(): Tally {
  announce("Import directions");
  const { files, violations } = checkImports(projectRoot);
  for (const { file, line, text } of violations) process.stdout.write(`${file}:${line} ${text}\n`);
  process.stdout.write(`${files} files, ${violations.length} violations\n`);
  return tallyOf("Import directions", files > 0 && violations.length === 0);
}

const tallyOf = (name: string, passed: boolean) => tallyOfCheck(name, passed ? null : "see its output above");
