import { createTarDecoder, type ParsedTarEntry, type TarHeader } from "modern-tar";
import { BrokenPipeError, type ByteReader } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { parentOf, resolvePath } from "../files/virtual-file-system.ts";
import type { ProcessContext } from "../process-context.ts";
import { openOutput } from "./input-files.ts";

interface Extraction {
  reader: ByteReader;
  directory: string;
  list: boolean;
  toStdout: boolean;
  verbose: boolean;
  /** Only these members, and what is below them; all where empty. */
  wanted: string[];
}

/** Reads an archive to its end, member by member; the content of files is never held. */
export async function extractArchive(process: ProcessContext, extraction: Extraction): Promise<number> {
  const { readable, writable } = createTarDecoder({ strict: true });
  const fed = feed(process, extraction.reader, writable);
  // What goes wrong there goes wrong below as well.
  fed.catch(() => undefined);
  let exitCode = 0;
  try {
    for await (const member of readable)
      exitCode = Math.max(exitCode, await extractMember(process, extraction, member));
    await fed;
  } catch (error) {
    if (process.signal.aborted || error instanceof BrokenPipeError) throw error;
    return process.fail(/truncated/.test((error as Error).message) ? "short read" : "invalid tar magic");
  }
  if (exitCode !== 0) await process.fail("error exit delayed from previous errors");
  return exitCode;
}

async function feed(
  process: ProcessContext,
  reader: ByteReader,
  archive: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = archive.getWriter();
  try {
    for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader))
      await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

async function extractMember(
  process: ProcessContext,
  extraction: Extraction,
  { header, body }: ParsedTarEntry,
): Promise<number> {
  const { list, verbose, wanted } = extraction;
  const chosen =
    wanted.length === 0 || wanted.some((name) => header.name === name || header.name.startsWith(`${name}/`));
  let exitCode = 0;
  if (chosen && (list || verbose)) await process.print(`${header.name}\n`);
  if (chosen && !list) {
    try {
      if (header.name.split("/").includes("..")) throw new FileError("EINVAL");
      await place(process, extraction, header, body);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(`can't create '${header.name}': ${error.message}`);
    }
  }
  // What was not read is skipped.
  await body.cancel();
  return exitCode;
}

async function place(
  process: ProcessContext,
  extraction: Extraction,
  { name, type, linkname = "", mode }: TarHeader,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const { files } = process.container;
  const path = resolvePath(extraction.directory, name.replace(/^\/+/, ""));
  const copy = async (write: (chunk: Buffer) => Promise<void>) => {
    for await (const chunk of body.values({ preventCancel: true })) await write(Buffer.from(chunk));
  };
  if (extraction.toStdout) return copy((chunk) => process.write(chunk));
  if (type === "directory") return files.makeDirectories(path);
  files.makeDirectories(parentOf(path));
  if (type === "symlink") {
    if (files.tryFind(path) !== undefined) files.remove(path, { recursive: false });
    return files.link(path, linkname);
  }
  if (type === "link") return files.copyFile(resolvePath(extraction.directory, linkname), path);
  const existing = files.tryFind(path);
  if (existing?.kind === "file") files.remove(path, { recursive: false });
  const writer = openOutput(process, path);
  await copy((chunk) => writer.write(chunk, process.signal));
  if (mode !== undefined) files.find(path).mode = mode & 0o7777;
}
