import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const SECRET_BYTES = 32;

/**
 * Reads `data/secrets/<name>`, or makes it at the first start: 32 random bytes in base64, readable by the owner alone.
 * Two processes that start at once agree on one value.
 */
export function keptSecret(dataDirectory: string, name: string): string {
  const directory = path.join(dataDirectory, "secrets");
  const file = path.join(directory, name);
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, `${randomBytes(SECRET_BYTES).toString("base64")}\n`, { mode: 0o600 });
    linkUnlessThere(unfinished, file);
    rmSync(unfinished);
  }
  return readFileSync(file, "utf8").trim();
}

/** A link appears with its content or not at all, and never replaces another's. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
