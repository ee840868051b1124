import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ensurePrismaClient } from "./prisma-client.ts";
import { announce, projectRoot, runProgram, runScript, StepError } from "./steps.ts";

// npm run bench [-- <name>]: runs bench/<name>.ts, or all of them, one after the other.
await runScript(async () => {
  await ensurePrismaClient();
  const [wanted, ...options] = process.argv.slice(2);
  const names = listBenches();
  if (wanted && !names.includes(wanted)) {
    throw new StepError(`no bench "${wanted}": takes one of ${names.join(", ") || "none (bench/ is empty)"}`);
  }
  let failed = 0;
  for (const name of wanted ? [wanted] : names) {
    announce(`bench/${name}.ts`);
    if ((await runProgram(process.execPath, [`bench/${name}.ts`, ...options])) !== 0) failed++;
  }
  return failed === 0 ? 0 : 1;
});

function listBenches(): string[] {
  const folder = path.join(projectRoot, "bench");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => path.basename(name, ".ts"))
    .sort();
}
