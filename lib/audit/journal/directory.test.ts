import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const canTrace = spawnSync("strace", ["-D", "-o", "/dev/null", "true"]).status === 0;
const MODULE = path.join(import.meta.dirname, "directory.ts");
const PROGRAM = `
const { newJournalDirectory } = await import(process.argv[1]);
const journal = newJournalDirectory(process.argv[2]);
await journal.make();
journal.release();
console.log(journal.path);
`;

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "kubewitness-journal-")));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** The folders that were flushed while a journal's folder was made in a data folder. */
function flushedWhileMaking(data: string): { journal: string; flushed: string[] } {
  const trace = path.join(scratch, "trace");
  const program = [
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    PROGRAM,
  ];
  const strace = ["-f", "-y", "-e", "trace=fsync", "-o", trace, ...program, MODULE, data];
  const { stdout, stderr, status } = spawnSync("strace", strace, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const flushed = [...readFileSync(trace, "utf8").matchAll(/fsync\(\d+<([^>]*)>/g)].map(([, name]) => name!);
  return { journal: stdout.trim(), flushed };
}

test.skipIf(!canTrace)("a power cut leaves the folder of a journal where it was made", () => {
  const data = path.join(scratch, "above", "data");
  const first = flushedWhileMaking(data);
  expect(first.journal.startsWith(path.join(data, "journal"))).toBe(true);
  expect(first.flushed).toEqual([path.join(data, "journal"), data, path.dirname(data), scratch]);
  expect(flushedWhileMaking(data).flushed).toEqual([path.join(data, "journal")]);
});
