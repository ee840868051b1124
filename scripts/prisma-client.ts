import { hashSources, hasStamp, writeStamp } from "./freshness.ts";
import { announce, runCaptured, StepError } from "./steps.ts";

const STAMP = "prisma/generated/.sources";
const SOURCES = ["prisma/schema", "prisma.config.ts", "node_modules/prisma/package.json"];

/** Generates prisma/generated where the schema changed since the last time. */
export async function ensurePrismaClient(): Promise<void> {
  const hash = hashSources(SOURCES);
  if (hasStamp(STAMP, hash)) return;
  announce("Generating the Prisma client");
  const { code, output } = await runCaptured("prisma", ["generate"], {
    // Any executable stops the download of a native engine, which `generate` does not run.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  });
  if (code !== 0) throw new StepError(`prisma generate failed:\n${output}`);
  writeStamp(STAMP, hash);
}
