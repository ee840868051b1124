import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { BytePipe, type ByteReader, type ByteWriter } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { openReader } from "../files/open-streams.ts";
import { resolvePath } from "../files/virtual-file-system.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { openInput, openOutput } from "./input-files.ts";
import { type ParsedOptions, parseOptions } from "./options.ts";
import { extractArchive } from "./tar-extract.ts";
import { encodeTarHeader, paddingOf, TAR_END } from "./tar-format.ts";

/** `tar` as `kubectl cp` uses it and as people type it: create, extract and list, from and to stdin and stdout, gzip. */
export const tar: Program = async (process) => {
  const args = [...process.args];
  if (args[0] !== undefined && !args[0].startsWith("-")) args[0] = `-${args[0]}`;
  const options = parseOptions(args, {
    flags: "cxtzvmpkoPhO",
    values: "fCTX",
    long: {
      create: "c",
      extract: "x",
      list: "t",
      gzip: "z",
      verbose: "v",
      file: "f",
      directory: "C",
      "no-same-owner": "o",
      "no-same-permissions": "o",
      touch: "m",
      exclude: "X",
    },
  });
  if (options.error !== null) return process.fail(options.error);
  const directory = process.path(options.values.get("C") ?? ".");
  process.container.files.findDirectory(directory);
  if (options.flags.has("c")) return createArchive(process, options, directory);
  if (options.flags.has("x") || options.flags.has("t")) return readArchive(process, options, directory);
  return process.fail("must specify one of -c, -x, -t");
};

async function createArchive(
  process: ProcessContext,
  options: ParsedOptions,
  directory: string,
): Promise<number> {
  const name = options.values.get("f") ?? "-";
  const output = name === "-" ? process.stdout : openOutput(process, name);
  const compressed = options.flags.has("z") ? gzipTo(process, output) : null;
  const writer = compressed?.writer ?? output;
  if (options.operands.some((operand) => operand.startsWith("/")))
    await process.fail("removing leading '/' from member names");
  let exitCode = 0;
  for (const operand of options.operands) {
    try {
      await addMember(process, writer, resolvePath(directory, operand), operand, options);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(`${operand}: ${error.message}`);
    }
  }
  await writer.write(TAR_END, process.signal);
  await compressed?.finish();
  if (exitCode !== 0) await process.fail("error exit delayed from previous errors");
  return exitCode;
}

async function addMember(
  process: ProcessContext,
  writer: ByteWriter,
  path: string,
  name: string,
  options: ParsedOptions,
): Promise<void> {
  await process.pause();
  const { files } = process.container;
  const node = files.findLink(path);
  if (node.kind === "device") return;
  const member = name.replace(/^\/+/, "") || ".";
  if (options.flags.has("v")) await process.printError(`${member}\n`);
  const header = { name: member, mode: node.mode, modified: node.modified, linkName: "", size: 0 };
  if (node.kind === "symlink") {
    await writer.write(encodeTarHeader({ ...header, type: "2", linkName: node.target }), process.signal);
    return;
  }
  if (node.kind === "directory") {
    await writer.write(
      encodeTarHeader({ ...header, name: `${member.replace(/\/$/, "")}/`, type: "5" }),
      process.signal,
    );
    for (const child of [...node.entries.keys()].sort())
      await addMember(
        process,
        writer,
        resolvePath(path, child),
        `${name.replace(/\/$/, "")}/${child}`,
        options,
      );
    return;
  }
  const size = files.open(path).size;
  // Read before the header goes out: what cannot be read must not leave half a member behind.
  const reader = openReader(files, path, process);
  let chunk = size === 0 ? null : await process.read(reader);
  await writer.write(encodeTarHeader({ ...header, type: "0", size }), process.signal);
  let left = size;
  while (chunk !== null && left > 0) {
    await process.pause();
    await writer.write(chunk.subarray(0, left), process.signal);
    left -= Math.min(left, chunk.length);
    chunk = left > 0 ? await process.read(reader) : null;
  }
  await writer.write(Buffer.alloc(left + paddingOf(size)), process.signal);
}

async function readArchive(
  process: ProcessContext,
  options: ParsedOptions,
  directory: string,
): Promise<number> {
  const name = options.values.get("f") ?? "-";
  const input = name === "-" ? process.stdin : openInput(process, name);
  const reader = options.flags.has("z") || /gz$/.test(name) ? gunzipFrom(process, input) : input;
  return extractArchive(process, {
    reader,
    directory,
    list: options.flags.has("t"),
    toStdout: options.flags.has("O"),
    verbose: options.flags.has("v"),
    wanted: options.operands,
  });
}

async function* chunksOf(process: ProcessContext, reader: ByteReader): AsyncGenerator<Buffer> {
  for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader))
    yield chunk;
}

function gunzipFrom(process: ProcessContext, input: ByteReader): ByteReader {
  const output = new BytePipe();
  const run = pipeline(
    Readable.from(chunksOf(process, input)),
    createGunzip(),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await output.write(chunk, process.signal);
    },
  );
  // A broken stream ends early: the reader of the archive says so.
  run.catch(() => undefined).finally(() => output.end());
  return output;
}

function gzipTo(
  process: ProcessContext,
  output: ByteWriter,
): { writer: ByteWriter; finish: () => Promise<void> } {
  const input = new PassThrough();
  const run = pipeline(input, createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) await output.write(chunk, process.signal);
  });
  run.catch(() => undefined);
  const writer: ByteWriter = {
    write: async (bytes) => {
      if (input.write(bytes)) return;
      await Promise.race([run, new Promise((resolve) => input.once("drain", resolve))]);
    },
  };
  return {
    writer,
    finish: async () => {
      input.end();
      await run;
    },
  };
}

/** `gzip -c` and `gunzip -c`, `zcat`: from stdin or a file to stdout, or a file in place. */
export const gzip: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "cdkfn123456789" });
  if (options.error !== null) return process.fail(options.error);
  const decompress = options.flags.has("d") || process.name !== "gzip";
  const [name] = options.operands;
  const toStdout = name === undefined || options.flags.has("c") || process.name === "zcat";
  const input = name === undefined ? process.stdin : openInput(process, name);
  const target = decompress ? (name ?? "").replace(/\.gz$/, "") : `${name}.gz`;
  const output = toStdout ? process.stdout : openOutput(process, target);
  if (decompress) {
    const reader = gunzipFrom(process, input);
    for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader))
      await output.write(chunk, process.signal);
  } else {
    const compressed = gzipTo(process, output);
    for await (const chunk of chunksOf(process, input)) await compressed.writer.write(chunk, process.signal);
    await compressed.finish();
  }
  if (!toStdout && !options.flags.has("k"))
    process.container.files.remove(process.path(name!), { recursive: false });
  return 0;
};
