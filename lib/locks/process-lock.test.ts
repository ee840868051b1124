import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { acquireProcessLock, LockHeldError } from "./process-lock.ts";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-lock-"));
  file = path.join(directory, "lock");
});
const holders: ChildProcess[] = [];
afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

const MODULE = path.resolve(import.meta.dirname, "process-lock.ts");

/** Another process that takes the lock, forgets what it got for it, says so, and stays. `within`: a command that runs it elsewhere. */
const startHolder = async (within: readonly string[] = []) => {
  const source = `import { acquireProcessLock } from ${JSON.stringify(MODULE)};
    acquireProcessLock(${JSON.stringify(file)}); gc(); process.stdout.write("held"); setInterval(() => {}, 1000);`;
  const [command, ...parameters] = [
    ...within,
    process.execPath,
    "--expose-gc",
    "--input-type=module",
    "-e",
    source,
  ];
  const child = spawn(command!, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  holders.push(child);
  await once(child.stdout, "data");
  return child;
};

it("refuses while another process holds it, and takes it over once that one was killed", async () => {
  const holder = await startHolder();
  expect(() => acquireProcessLock(file)).toThrow(LockHeldError);
  expect(() => acquireProcessLock(file)).toThrow(String(holder.pid));
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(() => acquireProcessLock(file)).not.toThrow();
});

it("does not take another program with the same number for the holder", () => {
  writeFileSync(file, JSON.stringify({ pid: process.ppid, identity: "an earlier boot/1" }));
  expect(() => acquireProcessLock(file)).not.toThrow();
});

it("takes over a file that a crash cut short", () => {
  writeFileSync(file, '{"pid":');
  expect(() => acquireProcessLock(file)).not.toThrow();
});

it("is gone after release", () => {
  const lock = acquireProcessLock(file);
  expect(() => acquireProcessLock(file)).toThrow(LockHeldError);
  lock.release();
  lock.release();
  expect(existsSync(file)).toBe(false);
});

it("is free in a folder that was moved while it was held, and released since", () => {
  const held = path.join(directory, "held");
  const moved = path.join(directory, "moved");
  mkdirSync(held);
  const lock = acquireProcessLock(path.join(held, "lock"));
  renameSync(held, moved);
  expect(() => acquireProcessLock(path.join(moved, "lock"))).toThrow(LockHeldError);
  lock.release();
  expect(() => acquireProcessLock(path.join(moved, "lock"))).not.toThrow();
});

const IN_A_CONTAINER = ["unshare", "-r", "--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...IN_A_CONTAINER.slice(1), "true"]).status === 0;

it.runIf(canUnshare)("is held across process id namespaces, with the same host name", async () => {
  const holder = await startHolder(IN_A_CONTAINER);
  expect(() => acquireProcessLock(file)).toThrow(/process \d+ of host/);
  holder.kill("SIGKILL");
  await vi.waitFor(() => acquireProcessLock(file).release(), { timeout: 10_000 });
});

it("is held though its file is overwritten or gone", async () => {
  const holder = await startHolder();
  rmSync(file);
  expect(() => acquireProcessLock(file)).toThrow(LockHeldError);
  writeFileSync(file, JSON.stringify({ pid: 1, identity: "somebody else" }));
  expect(() => acquireProcessLock(file)).toThrow(LockHeldError);
  holder.kill("SIGKILL");
  await once(holder, "exit");
});
