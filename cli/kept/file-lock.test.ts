import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "./file-lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-lock-"));
  file = path.join(folder, "kept.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const LOCK = path.resolve(import.meta.dirname, "file-lock.ts");

/** A process of its own that runs `body`, which may use `withFileLock`, `file` and `fs`. */
function startProcess(body: string) {
  const program = `import fs from "node:fs"; import { withFileLock } from ${JSON.stringify(LOCK)}; const file = ${JSON.stringify(file)}; ${body}`;
  return spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test("what several processes count under it is counted whole, also where one was killed with it", async () => {
  writeFileSync(file, "0");
  const holder = startProcess(
    `await withFileLock(file, async () => { console.log("held"); await new Promise(() => setInterval(() => {}, 1000)); });`,
  );
  await once(holder.stdout!, "data");
  const counters = Array.from({ length: 3 }, () =>
    startProcess(`for (let n = 0; n < 15; n++) await withFileLock(file, async () => {
      const seen = Number(fs.readFileSync(file, "utf8"));
      await new Promise((resolve) => setImmediate(resolve));
      fs.writeFileSync(file, String(seen + 1));
    });`),
  );
  holder.kill("SIGKILL");
  const codes = await Promise.all(counters.map(async (child) => (await once(child, "exit"))[0]));
  expect(codes).toEqual([0, 0, 0]);
  expect(readFileSync(file, "utf8")).toBe("45");
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test("ends with what was done under it, also where that fails", async () => {
  await expect(withFileLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test("one of a running process of this machine is waited for", async () => {
  writeFileSync(`${file}.lock`, `${hostname()} ${process.pid} someone`);
  const waiting = withFileLock(file, async () => "had it");
  const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 200, "waits"))]);
  expect(first).toBe("waits");
  rmSync(`${file}.lock`);
  expect(await waiting).toBe("had it");
});
