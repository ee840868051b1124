import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { hashSources, hasStamp, writeStamp } from "./freshness.ts";
import { announce, projectRoot, runCaptured, StepError } from "./steps.ts";

const STAMP = ".next/.sources";
const SOURCES = [
  ...["app", "lib", "public", "proxy.ts", "prisma/schema"],
  ...["next.config.mjs", "postcss.config.mjs", "tsconfig.json", "package.json", "package-lock.json"],
];

const isSource = (file: string) => !/\.test\.tsx?$|\/fixtures\//.test(file);

/** Runs `next build` where a source changed since the last one. */
export async function ensureWebBuild(): Promise<void> {
  const hash = hashSources(SOURCES, isSource);
  if (existsSync(path.join(projectRoot, ".next/BUILD_ID")) && hasStamp(STAMP, hash)) return;
  announce("Building the console (next build)");
  // Types of a development server that was stopped in the middle fail the build's own type check.
  rmSync(path.join(projectRoot, ".next/dev"), { recursive: true, force: true });
  rmSync(path.join(projectRoot, STAMP), { force: true });
  const { code, output } = await runCaptured("next", ["build"], { NODE_ENV: "production" });
  if (code !== 0) throw new StepError(`next build failed:\n${output}`);
  writeStamp(STAMP, hash);
}
