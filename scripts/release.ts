import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleAgent } from "./agent/bundle.ts";
import { bundleCommandLine } from "./cli/bundle.ts";
import { ensurePrismaClient } from "./prisma-client.ts";
import { stageRelease } from "./release/stage-release.ts";
import { announce, projectRoot, runCaptured, runScript, StepError } from "./steps.ts";
import { ensureWebBuild } from "./web-build.ts";

// npm run release: writes release/kubewitness-<version>-<platform>-<arch>.tar.gz, which starts without network, npm or a Node of the machine's.
await runScript(async () => {
  await ensurePrismaClient();
  await ensureWebBuild();
  await bundleCommandLine();
  await bundleAgent();
  const staging = mkdtempSync(path.join(tmpdir(), "kubewitness-release-"));
  try {
    const name = releaseName();
    announce("Putting together what serving needs (npm ci)");
    await stageRelease(path.join(staging, name));
    await writeArchive(staging, name);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return 0;
});

function releaseName(): string {
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8"));
  return `kubewitness-${version}-${process.platform}-${process.arch}`;
}

async function writeArchive(staging: string, name: string): Promise<void> {
  const archive = path.join(projectRoot, "release", `${name}.tar.gz`);
  announce(`Writing ${path.relative(projectRoot, archive)}`);
  mkdirSync(path.dirname(archive), { recursive: true });
  // No user of this machine's: whoever unpacks it owns the files.
  const options = ["--owner=0", "--group=0", "--numeric-owner", "-czf", archive, name];
  const { code, output } = await runCaptured("tar", ["-C", staging, ...options]);
  if (code !== 0) throw new StepError(`tar failed:\n${output}`);
}
