import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../program/failure.ts";

/** Nobody holds a lock longer: what is done under one has a time limit far below. */
const LONGEST_HELD_MS = 120_000;
const LONGEST_WAITED_MS = 150_000;
const LOOK_AGAIN_MS = 25;

/**
 * Does something while no other process does, whoever holds the lock of that file. Node has neither flock nor fcntl, so the lock is a file that
 * exists: it is made with its text by one link(2), names its process, and is removed by others where that process is gone.
 * @throws Failure where it stays another's.
 */
export async function withFileLock<T>(file: string, run: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const own = `${hostname()} ${process.pid} ${randomBytes(8).toString("hex")}`;
  await take(lock, own);
  try {
    return await run();
  } finally {
    if (textOf(lock) === own) rmSync(lock, { force: true });
  }
}

async function take(lock: string, own: string): Promise<void> {
  const until = Date.now() + LONGEST_WAITED_MS;
  mkdirSync(path.dirname(lock), { recursive: true, mode: 0o700 });
  while (!makeWithText(lock, own)) {
    removeWhereLeft(lock, own);
    if (Date.now() > until)
      throw new Failure(
        "failed",
        `${lock} is held by another kubewitness: end that one, or remove the file.`,
      );
    await setTimeout(LOOK_AGAIN_MS);
  }
}

/** False where it is there already. */
function makeWithText(file: string, text: string): boolean {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Failure("failed", `${file} cannot be made (${(error as NodeJS.ErrnoException).code}).`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Who finds a lock of a process that is gone removes it under a lock of its own, having looked again: else two that saw the same might remove
 * the one that a third has made meanwhile.
 */
function removeWhereLeft(lock: string, own: string): void {
  if (!isLeft(lock)) return;
  const removing = `${lock}.removing`;
  if (!makeWithText(removing, own)) {
    if (isLeft(removing)) rmSync(removing, { force: true });
    return;
  }
  if (isLeft(lock)) rmSync(lock, { force: true });
  rmSync(removing, { force: true });
}

function isLeft(lock: string): boolean {
  const text = textOf(lock);
  if (text === null) return false;
  const [host, pid] = text.split(" ");
  if (host === hostname() && !isRunning(Number(pid))) return true;
  // Of another host, as where the home folder is shared, or a process of the same number.
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - made > LONGEST_HELD_MS;
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
