import { setTimeout } from "node:timers/promises";
import type { ByteReader } from "../byte-pipe.ts";
import { StoredContent } from "../files/file-content.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { forEachInput, type InputFile, openOutput } from "./input-files.ts";
import { parseOptions, parseSize } from "./options.ts";

const NEWLINE = 0x0a;
const MAX_TAIL_BYTES = 1024 * 1024;

export const cat: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "nuvetAET" });
  if (options.error !== null) return process.fail(options.error);
  const numbered = options.flags.has("n");
  let line = 1;
  return forEachInput(process, options.operands, async ({ reader }) => {
    for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
      if (!numbered) await process.write(chunk);
      else
        await process.print(
          chunk.toString("utf8").replace(/^(?=[\s\S])/gm, () => `${String(line++).padStart(6)}\t`),
        );
    }
  });
};

/** `-5` is `-n 5`. */
function withShortCount(args: string[]): string[] {
  return args.map((arg) => arg.replace(/^-(\d+)$/, "-n$1"));
}

const COUNT_OPTIONS = { flags: "qvf", values: "nc", long: { lines: "n", bytes: "c", follow: "f" } };

export const head: Program = async (process) => {
  const options = parseOptions(withShortCount(process.args), COUNT_OPTIONS);
  if (options.error !== null) return process.fail(options.error);
  const bytes = options.values.get("c");
  const count = parseSize(bytes ?? options.values.get("n") ?? "10");
  if (count === undefined) return process.fail(`invalid number '${bytes ?? options.values.get("n")}'`);
  let first = true;
  return forEachInput(process, options.operands, async ({ name, reader }) => {
    if (options.operands.length > 1 && !options.flags.has("q"))
      await process.print(`${first ? "" : "\n"}==> ${name} <==\n`);
    first = false;
    if (bytes === undefined) await headLines(process, reader, count);
    else await headBytes(process, reader, count);
  });
};

async function headBytes(process: ProcessContext, reader: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const chunk = await process.read(reader);
    if (chunk === null) return;
    const taken = chunk.subarray(0, left);
    reader.unread(chunk.subarray(taken.length));
    left -= taken.length;
    await process.write(taken);
  }
}

async function headLines(process: ProcessContext, reader: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const chunk = await process.read(reader);
    if (chunk === null) return;
    let end = 0;
    while (left > 0) {
      const at = chunk.indexOf(NEWLINE, end);
      end = at === -1 ? chunk.length : at + 1;
      if (at === -1) break;
      left--;
    }
    reader.unread(chunk.subarray(end));
    await process.write(chunk.subarray(0, end));
  }
}

export const tail: Program = async (process) => {
  const options = parseOptions(withShortCount(process.args), { ...COUNT_OPTIONS, flags: "qvfF" });
  if (options.error !== null) return process.fail(options.error);
  const bytes = options.values.get("c");
  const wanted = bytes ?? options.values.get("n") ?? "10";
  const count = parseSize(wanted.replace(/^[-+]/, ""));
  if (count === undefined) return process.fail(`invalid number '${wanted}'`);
  const cut = wanted.startsWith("+")
    ? skipStart(bytes !== undefined, count)
    : keepEnd(bytes !== undefined, count);
  return forEachInput(process, options.operands, async ({ name, reader }) => {
    if (options.operands.length > 1 && !options.flags.has("q")) await process.print(`==> ${name} <==\n`);
    await cut(process, reader);
    if (!options.flags.has("f") && !options.flags.has("F")) return;
    for (;;) {
      for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader))
        await process.write(chunk);
      await setTimeout(500, undefined, { signal: process.signal }).catch(() =>
        process.signal.throwIfAborted(),
      );
    }
  });
};

type Cut = (process: ProcessContext, reader: ByteReader) => Promise<void>;

function skipStart(byBytes: boolean, from: number): Cut {
  return async (process, reader) => {
    let skip = Math.max(0, from - 1);
    for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
      let start = 0;
      while (skip > 0 && start < chunk.length) {
        const at = byBytes ? start : chunk.indexOf(NEWLINE, start);
        if (at === -1) start = chunk.length;
        else {
          start = at + 1;
          skip--;
        }
      }
      await process.write(chunk.subarray(start));
    }
  };
}

/** Keeps at most 1 MiB: what a longer tail would need is not held. */
function keepEnd(byBytes: boolean, count: number): Cut {
  return async (process, reader) => {
    let kept: Buffer = Buffer.alloc(0);
    for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
      kept = lastPart(Buffer.concat([kept, chunk]), byBytes, count);
    }
    await process.write(kept);
  };
}

function lastPart(bytes: Buffer, byBytes: boolean, count: number): Buffer {
  const bounded = bytes.subarray(Math.max(0, bytes.length - MAX_TAIL_BYTES));
  if (byBytes) return bounded.subarray(Math.max(0, bounded.length - count));
  if (count === 0) return Buffer.alloc(0);
  let start = bounded.length;
  if (bounded.at(-1) === NEWLINE) start--;
  for (let left = count; left > 0; left--) {
    const at = start <= 0 ? -1 : bounded.lastIndexOf(NEWLINE, start - 1);
    if (at === -1) return bounded;
    start = at;
  }
  return bounded.subarray(start + 1);
}

export const tee: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "ai" });
  if (options.error !== null) return process.fail(options.error);
  const writers = options.operands.map((name) => openOutput(process, name, options.flags.has("a")));
  for (let chunk = await process.read(); chunk !== null; chunk = await process.read()) {
    for (const writer of writers) await writer.write(chunk, process.signal);
    await process.write(chunk);
  }
  return 0;
};

interface Counts {
  l: number;
  w: number;
  c: number;
}

export const wc: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "lwcm" });
  if (options.error !== null) return process.fail(options.error);
  const columns = (["l", "w", "c"] as const).filter(
    (letter) =>
      options.flags.size === 0 || options.flags.has(letter) || (letter === "c" && options.flags.has("m")),
  );
  const total: Counts = { l: 0, w: 0, c: 0 };
  const show = (counts: Counts, name: string) => {
    const numbers = columns
      .map((column) => String(counts[column]).padStart(columns.length > 1 ? 9 : 0))
      .join(" ");
    return process.print(`${numbers}${name === "-" ? "" : ` ${name}`}\n`);
  };
  const exitCode = await forEachInput(process, options.operands, async (file) => {
    const counts = await count(process, file, columns.length === 1 && columns[0] === "c");
    for (const column of ["l", "w", "c"] as const) total[column] += counts[column];
    await show(counts, file.name);
  });
  if (options.operands.length > 1) await show(total, "total");
  return exitCode;
};

async function count(
  process: ProcessContext,
  { name, reader }: InputFile,
  bytesOnly: boolean,
): Promise<Counts> {
  const counts: Counts = { l: 0, w: 0, c: 0 };
  const node = name === "-" ? undefined : process.container.files.tryFind(process.path(name));
  if (bytesOnly && node?.kind === "file" && node.content instanceof StoredContent)
    return { ...counts, c: node.content.size };
  let inWord = false;
  for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
    counts.c += chunk.length;
    if (bytesOnly) continue;
    for (const byte of chunk) {
      const isSpace = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
      if (byte === NEWLINE) counts.l++;
      if (!isSpace && !inWord) counts.w++;
      inWord = !isSpace;
    }
  }
  return counts;
}
