import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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

const formerFile = (dataDirectory: string, name: string) =>
  path.join(dataDirectory, "secrets", `${name}.former`);

/** What `data/secrets/<name>` held before it was replaced, the newest first. */
export function formerSecrets(dataDirectory: string, name: string): string[] {
  const file = formerFile(dataDirectory, name);
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

/** Makes a new secret in the place of `data/secrets/<name>`; the one that was there is kept among the former ones before it goes. */
export function replaceKeptSecret(dataDirectory: string, name: string): void {
  const former = [keptSecret(dataDirectory, name), ...formerSecrets(dataDirectory, name)];
  replaceFile(formerFile(dataDirectory, name), former);
  replaceFile(path.join(dataDirectory, "secrets", name), [randomBytes(SECRET_BYTES).toString("base64")]);
}

/** Whole, or not at all, also where the machine stops in the middle. */
function replaceFile(file: string, lines: readonly string[]): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, lines.map((line) => `${line}\n`).join(""), { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}

/** A link appears with its content or not at all, and never replaces another's. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
