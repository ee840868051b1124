import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findOnPath } from "./steps.ts";
import { installedTestPrograms } from "./test-programs/install.ts";

/** A Helm to test with. */
export interface HelmBinary {
  path: string;
  /** E.g. `4.2.3`. */
  version: string;
}

/** The newest Helm of each major version that npm brings (see `ensureKubectl`); where it brings none, the one on PATH. */
export async function helmBinaries(): Promise<HelmBinary[]> {
  const packaged = installedTestPrograms("helm");
  const files = packaged.length > 0 ? packaged : [findOnPath("helm")].filter((file) => file !== undefined);
  const binaries = await Promise.all(files.map(readVersion));
  const oldestFirst = binaries.sort((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
  return [...new Map(oldestFirst.map((binary) => [majorOf(binary), binary])).values()];
}

const majorOf = ({ version }: HelmBinary) => version.split(".")[0];

async function readVersion(file: string): Promise<HelmBinary> {
  const { stdout } = await promisify(execFile)(file, ["version", "--template", "{{.Version}}"], {
    // No user's kubeconfig or plugins have a say.
    env: {
      NODE_ENV: process.env.NODE_ENV,
      PATH: process.env.PATH,
      KUBECONFIG: "/dev/null",
      HOME: "/nonexistent",
    },
  });
  return { path: file, version: stdout.trim().replace(/^v/, "") };
}
