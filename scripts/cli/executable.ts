import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { projectRoot, runCaptured, StepError } from "../steps.ts";
import { bundleForExecutable } from "./bundle.ts";
import { findNode } from "./node-of-platform.ts";

export const EXECUTABLE_PLATFORMS = ["linux-x64", "linux-arm64"] as const;
export type ExecutablePlatform = (typeof EXECUTABLE_PLATFORMS)[number];

/** Of Node (doc/api/single-executable-applications.md). */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Puts the command line into a copy of that platform's Node. @returns its path, relative to the root */
export async function buildExecutable(platform: ExecutablePlatform, folder = "dist"): Promise<string> {
  const staging = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-"));
  try {
    const blob = await prepareBlob(staging, platform);
    const built = path.join(staging, "kubewitness");
    copyFileSync(await findNode(platform, staging), built);
    chmodSync(built, 0o755);
    const options = [built, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE];
    const { code, output } = await runCaptured("postject", options);
    if (code !== 0) throw new StepError(`postject failed:\n${output}`);
    const executable = path.join(folder, `kubewitness-${platform}`);
    mkdirSync(path.resolve(projectRoot, folder), { recursive: true });
    rmSync(path.resolve(projectRoot, executable), { force: true });
    copyFileSync(built, path.resolve(projectRoot, executable));
    return executable;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function prepareBlob(staging: string, platform: ExecutablePlatform): Promise<string> {
  const [main, output, config] = ["main.cjs", "blob", "sea.json"].map((name) => path.join(staging, name));
  await bundleForExecutable(main!);
  // Compiled code counts for the platform that it was made on alone.
  const useCodeCache = platform === `${process.platform}-${process.arch}`;
  const settings = { main, output, useCodeCache, disableExperimentalSEAWarning: true };
  writeFileSync(config!, JSON.stringify(settings));
  const { code, output: said } = await runCaptured(process.execPath, ["--experimental-sea-config", config!]);
  if (code !== 0) throw new StepError(`node --experimental-sea-config failed:\n${said}`);
  return output!;
}
