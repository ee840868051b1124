import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./steps.ts";

/** A hash over the names and contents of files and folders (relative to the root); those that do not exist count as absent. */
export function hashSources(sources: string[], include: (file: string) => boolean = () => true): string {
  const hash = createHash("sha256").update(process.version);
  for (const file of sources.flatMap(listFiles).filter(include)) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(projectRoot, file)));
  }
  return hash.digest("hex");
}

/** Whether a stamp file (relative to the root) holds this hash: nothing changed since {@link writeStamp}. */
export function hasStamp(stamp: string, hash: string): boolean {
  const file = path.join(projectRoot, stamp);
  return existsSync(file) && readFileSync(file, "utf8") === hash;
}

export function writeStamp(stamp: string, hash: string): void {
  const file = path.join(projectRoot, stamp);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function listFiles(source: string): string[] {
  const absolute = path.join(projectRoot, source);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [source];
  const entries = readdirSync(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
    .sort();
}
