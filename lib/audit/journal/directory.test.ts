import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { adoptOrphans, journalsOf } from "./directory.ts";

const canTrace = spawnSync("strace", ["-D", "-o", "/dev/null", "true"]).status === 0;
const MODULE = path.join(import.meta.dirname, "directory.ts");
const PROGRAM = `
const { newJournalDirectory } = await import(process.argv[1]);
const journal = newJournalDirectory(process.argv[2]);
await journal.make();
journal.release();
console.log(journal.path);
`;
/** Makes journals one after the other, and removes each while it holds it. */
const MAKER = `
const { newJournalDirectory, removeJournalDirectory } = await import(process.argv[1]);
for (let made = 0; made < 500; made++) {
  const journal = newJournalDirectory(process.argv[2]);
  await journal.make();
  await removeJournalDirectory(journal.path);
}
`;
const NODE = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  "--input-type=module",
  "-e",
] as const;

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "kubewitness-journal-")));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** The folders that were flushed while a journal's folder was made in a data folder. */
function flushedWhileMaking(data: string): { journal: string; flushed: string[] } {
  const trace = path.join(scratch, "trace");
  const strace = ["-f", "-y", "-e", "trace=fsync", "-o", trace, ...NODE, PROGRAM, MODULE, data];
  const { stdout, stderr, status } = spawnSync("strace", strace, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const flushed = [...readFileSync(trace, "utf8").matchAll(/fsync\(\d+<([^>]*)>/g)].map(([, name]) => name!);
  // The log flushes its own output, too.
  return { journal: stdout.trim(), flushed: flushed.filter((name) => name.startsWith("/")) };
}

test.skipIf(!canTrace)("a power cut leaves the folder of a journal where it was made", () => {
  const data = path.join(scratch, "above", "data");
  const first = flushedWhileMaking(data);
  expect(first.journal.startsWith(path.join(data, "journal"))).toBe(true);
  expect(first.flushed).toEqual([path.join(data, "journal"), data, path.dirname(data), scratch]);
  expect(flushedWhileMaking(data).flushed).toEqual([path.join(data, "journal")]);
});

test("a journal that is being made or removed is taken by nobody who looks for those without a process", async () => {
  const [command, ...options] = NODE;
  const maker = spawn(command, [...options, MAKER, MODULE, scratch], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(maker, "exit");
  while (maker.exitCode === null) {
    expect(await adoptOrphans(scratch)).toEqual({ adopted: [], unreadable: [] });
    await new Promise(setImmediate);
  }
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(journalsOf(scratch))).toEqual([]);
}, 120_000);

test("what a process left that ended while it made or removed a journal goes, once that is sure", async () => {
  const names = ["making", "removing"].map((suffix) => `00000000-0000-4000-8000-000000000001.${suffix}`);
  const folders = names.map((name) => path.join(journalsOf(scratch), name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  expect(await adoptOrphans(scratch)).toEqual({ adopted: [], unreadable: [] });
  expect(readdirSync(journalsOf(scratch)).sort()).toEqual(names);
  const earlier = new Date(Date.now() - 2 * 3_600_000);
  for (const folder of folders) utimesSync(folder, earlier, earlier);
  expect(await adoptOrphans(scratch)).toEqual({ adopted: [], unreadable: [] });
  expect(readdirSync(journalsOf(scratch))).toEqual([]);
});
