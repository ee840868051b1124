import { createTarPacker, type TarPackController } from "modern-tar";
import type { ByteReader, ByteWriter } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { openReader } from "../files/open-streams.ts";
import { resolvePath } from "../files/virtual-file-system.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { openInput, openOutput } from "./input-files.ts";
import { type ParsedOptions, parseOptions } from "./options.ts";
import { extractArchive } from "./tar-extract.ts";

/** `tar` as `kubectl cp` uses it and as people type it: create, extract and list, from and to stdin, stdout and files. */
export const tar: Program = async (process) => {
  const args = [...process.args];
  if (args[0] !== undefined && !args[0].startsWith("-")) args[0] = `-${args[0]}`;
  const options = parseOptions(args, {
    flags: "cxtvmpkoPhO",
    values: "fCTX",
    long: {
      create: "c",
      extract: "x",
      list: "t",
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
  if (options.operands.some((operand) => operand.startsWith("/")))
    await process.fail("removing leading '/' from member names");
  const { readable, controller } = createTarPacker();
  const sent = send(process, readable, output);
  // Where it fails, so does the next member.
  sent.catch(() => undefined);
  let exitCode = 0;
  try {
    for (const operand of options.operands) {
      try {
        await addMember(process, controller, resolvePath(directory, operand), operand, options);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        exitCode = await process.fail(`${operand}: ${error.message}`);
      }
    }
    controller.finalize();
  } catch (error) {
    controller.error(error);
    throw error;
  }
  await sent;
  if (exitCode !== 0) await process.fail("error exit delayed from previous errors");
  return exitCode;
}

async function send(
  process: ProcessContext,
  archive: ReadableStream<Uint8Array>,
  output: ByteWriter,
): Promise<void> {
  for await (const chunk of archive) await output.write(Buffer.from(chunk), process.signal);
}

async function addMember(
  process: ProcessContext,
  archive: TarPackController,
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
  const header = {
    name: member,
    mode: node.mode,
    mtime: node.modified,
    size: 0,
    uname: "root",
    gname: "root",
  };
  if (node.kind === "symlink")
    return archive.add({ ...header, type: "symlink", linkname: node.target }).close();
  if (node.kind === "directory") {
    await archive.add({ ...header, name: `${member.replace(/\/$/, "")}/`, type: "directory" }).close();
    for (const child of [...node.entries.keys()].sort())
      await addMember(
        process,
        archive,
        resolvePath(path, child),
        `${name.replace(/\/$/, "")}/${child}`,
        options,
      );
    return;
  }
  const size = files.open(path).size;
  // Read before the header goes out: what cannot be read must not leave half a member behind.
  const reader = openReader(files, path, process);
  const first = size === 0 ? null : await process.read(reader);
  const body = archive.add({ ...header, type: "file", size }).getWriter();
  await copyBytes(process, { first, reader, size, body });
  await body.close();
}

/** Exactly `size` bytes: a file that grows or shrinks meanwhile is cut, or filled with zeros. */
async function copyBytes(
  process: ProcessContext,
  file: {
    first: Buffer | null;
    reader: ByteReader;
    size: number;
    body: WritableStreamDefaultWriter<Uint8Array>;
  },
): Promise<void> {
  let left = file.size;
  for (let chunk = file.first; chunk !== null && left > 0; ) {
    await process.pause();
    await file.body.write(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    chunk = left > 0 ? await process.read(file.reader) : null;
  }
  for (; left > 0; left -= Math.min(left, ZEROS.length)) await file.body.write(ZEROS.subarray(0, left));
}

const ZEROS = Buffer.alloc(64 * 1024);

async function readArchive(
  process: ProcessContext,
  options: ParsedOptions,
  directory: string,
): Promise<number> {
  const name = options.values.get("f") ?? "-";
  return extractArchive(process, {
    reader: name === "-" ? process.stdin : openInput(process, name),
    directory,
    list: options.flags.has("t"),
    toStdout: options.flags.has("O"),
    verbose: options.flags.has("v"),
    wanted: options.operands,
  });
}
