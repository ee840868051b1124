import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot, runCaptured, StepError } from "../steps.ts";

/**
 * The path of Node for a platform: the installed one where npm installed it, which it does for its own platform, else that of the same
 * package, fetched into `folder` and held against the lock file.
 */
export async function findNode(platform: string, folder: string): Promise<string> {
  const name = `node-${platform}`;
  const installed = path.join(projectRoot, "node_modules", name, "bin", "node");
  if (existsSync(installed)) return installed;
  const { version, integrity } = lockedPackage(name);
  const packed = await runCaptured("npm", [
    "pack",
    `${name}@${version}`,
    "--pack-destination",
    folder,
    "--silent",
  ]);
  if (packed.code !== 0) throw new StepError(`${name}@${version} cannot be fetched:\n${packed.output}`);
  const archive = path.join(folder, `${name}-${version}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity)
    throw new StepError(`${name}@${version} got ${found}: package-lock.json takes ${integrity}`);
  const unpacked = await runCaptured("tar", ["-C", folder, "-xzf", archive, "package/bin/node"]);
  if (unpacked.code !== 0) throw new StepError(`tar failed:\n${unpacked.output}`);
  return path.join(folder, "package", "bin", "node");
}

function lockedPackage(name: string): { version: string; integrity: string } {
  const { packages } = JSON.parse(readFileSync(path.join(projectRoot, "package-lock.json"), "utf8"));
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new StepError(`package-lock.json has no ${name}: this platform has no executable`);
  return locked;
}
