import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot, runCaptured, StepError } from "../steps.ts";

/** What an installation is built from, its documents, and the build, which is taken for current only beside its sources. */
const PARTS = [
  ...["app", "lib", "prisma", "public", "sandbox", "scripts", "server", "server.ts", "proxy.ts"],
  ...["package.json", "package-lock.json", ".npmrc", "tsconfig.json"],
  ...["next.config.mjs", "postcss.config.mjs", "prisma.config.ts", ".next"],
  ...["README.md", "LICENSE", "docs", "deploy", "dist/kubewitness.mjs", "dist/kubewitness-agent.mjs"],
];

const LAUNCHER = "deploy/kubewitness.sh";
const TEST = /\.test\.tsx?$|\/fixtures(\/|$)/;
/** What a build leaves that no server reads. */
const LEFT_BY_BUILD = /^\.next\/(cache|dev|diagnostics|trace|trace-build|turbopack|types)(\/|$)/;
/** Where Next writes the folder that it built in; a server reads nothing of that. */
const NAMING_THE_FOLDER = [".next/required-server-files.json", ".next/required-server-files.js"];

/** Whether a file or folder of the project (relative to its root) is part of a release. */
export const isReleased = (file: string) => !TEST.test(file) && !LEFT_BY_BUILD.test(file);

/** Copies a built project to `folder`, with a launcher and the packages that serving needs, and nothing of this machine. */
export async function stageRelease(folder: string): Promise<void> {
  for (const part of PARTS.filter((each) => existsSync(path.join(projectRoot, each)))) {
    cpSync(path.join(projectRoot, part), path.join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => isReleased(path.relative(projectRoot, source)),
    });
  }
  for (const file of NAMING_THE_FOLDER) forgetRoot(path.join(folder, file));
  cpSync(path.join(projectRoot, LAUNCHER), path.join(folder, "kubewitness"));
  chmodSync(path.join(folder, "kubewitness"), 0o755);
  await installServingPackages(folder);
}

function forgetRoot(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(projectRoot, "."));
}

async function installServingPackages(folder: string): Promise<void> {
  const options = ["--omit=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await runCaptured("npm", ["ci", "--prefix", folder, ...options]);
  if (code !== 0) throw new StepError(`npm ci failed:\n${output}`);
}
