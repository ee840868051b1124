import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { announce, findOnPath, projectRoot, runCaptured, StepError } from "./steps.ts";

/** A kubectl to test with. */
export interface KubectlBinary {
  path: string;
  /** Major and minor version, e.g. `1.32`. */
  version: string;
}

const CLOUD_SDK = "/usr/lib/google-cloud-sdk/bin";
const DEBIAN_CACHE = path.join(projectRoot, "node_modules/.cache/kubewitness/kubernetes-client");
const DEBIAN_KUBECTL = path.join(DEBIAN_CACHE, "usr/bin/kubectl");

/** Every kubectl that there is, oldest first, one a minor version. Installs nothing: see {@link ensureKubectl}. */
export async function kubectlBinaries(): Promise<KubectlBinary[]> {
  const files = [DEBIAN_KUBECTL, ...cloudSdkFiles(), findOnPath("kubectl")].filter(
    (file) => file && existsSync(file),
  );
  const found = await Promise.all(files.map((file) => readVersion(file!)));
  const byVersion = new Map<string, KubectlBinary>();
  for (const binary of found)
    if (binary && !byVersion.has(binary.version)) byVersion.set(binary.version, binary);
  return [...byVersion.values()].sort((a, b) => minorOf(a) - minorOf(b));
}

/**
 * Sees to it that there is a kubectl, and on Debian that there is its 1.20 as well, the last that speaks SPDY alone;
 * unpacked into node_modules/.cache, which needs no root.
 */
export async function ensureKubectl(): Promise<KubectlBinary[]> {
  const present = await kubectlBinaries();
  if (!existsSync(DEBIAN_KUBECTL) && findOnPath("apt-get") && findOnPath("dpkg")) {
    announce("Fetching Debian's kubectl (apt-get download kubernetes-client)");
    const problem = await unpackDebianPackage();
    // Other kubectls do; without any, the tests could not run.
    if (problem && present.length > 0) announce(`Debian's kubectl is not to be had: ${problem}`);
    else if (problem) throw new StepError(`no kubectl: install one, then run this again. ${problem}`);
  }
  const binaries = await kubectlBinaries();
  if (binaries.length === 0) throw new StepError("no kubectl on PATH: install one, then run this again");
  return binaries;
}

async function unpackDebianPackage(): Promise<string | undefined> {
  const folder = `${DEBIAN_CACHE}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const download = await downloadPackage(folder);
    const archive = readdirSync(folder).find((name) => name.endsWith(".deb"));
    if (!archive) return download.trim().split("\n").at(-1);
    const unpacked = await runCaptured("dpkg", ["-x", path.join(folder, archive), `${folder}/unpacked`]);
    if (unpacked.code !== 0) return unpacked.output;
    rmSync(DEBIAN_CACHE, { recursive: true, force: true });
    renameSync(`${folder}/unpacked`, DEBIAN_CACHE);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With root's package lists refreshed first where the first try finds none. */
async function downloadPackage(folder: string): Promise<string> {
  // apt-get downloads into the working directory.
  const download = () =>
    runCaptured("sh", ["-c", 'cd "$1" && apt-get download -qq kubernetes-client', "sh", folder]);
  const first = await download();
  if (first.code === 0 || process.getuid?.() !== 0) return first.output;
  await runCaptured("apt-get", ["update", "-qq"]);
  return (await download()).output;
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

const minorOf = ({ version }: KubectlBinary) => Number(version.split(".")[1]);
