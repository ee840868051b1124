import { renameSync, writeFileSync } from "node:fs";

/** Writes a file that only its owner may read; whoever reads it meanwhile gets the old or the new, whole. */
export function writeOwnFile(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
