import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../program/failure.ts";

const LOOK_AGAIN_MS = 50;
const LONGEST_WAITED_MS = 5_000;

/**
 * Changes a kubeconfig as a whole or not at all, mode 0600, while nobody else does: with the lock that kubectl itself takes, a file `<name>.lock`
 * (client-go, tools/clientcmd/config.go).
 * @throws Failure
 */
export async function changeKubeconfig(
  given: string,
  change: (text: string | null) => string,
): Promise<void> {
  // Behind a symbolic link is the file that is meant.
  const file = existsSync(given) ? realpathSync(given) : given;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const unlock = await lock(`${file}.lock`);
  try {
    replace(file, change(existsSync(file) ? readFileSync(file, "utf8") : null));
  } finally {
    unlock();
  }
}

async function lock(file: string): Promise<() => void> {
  const until = Date.now() + LONGEST_WAITED_MS;
  for (;;) {
    try {
      closeSync(openSync(file, "wx", 0o600));
      return () => rmSync(file, { force: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST")
        throw new Failure("failed", `${file} cannot be made (${code}): see to its folder.`);
      if (Date.now() > until)
        throw new Failure(
          "failed",
          `${file} is there: another program changes the kubeconfig. If none does, remove that file.`,
        );
      await setTimeout(LOOK_AGAIN_MS);
    }
  }
}

function replace(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    const handle = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Failure("failed", `${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
