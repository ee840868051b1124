import type { ByteReader } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { parentOf, resolvePath } from "../files/virtual-file-system.ts";
import type { ProcessContext } from "../process-context.ts";
import { openOutput } from "./input-files.ts";
import { decodePax, decodeTarHeader, paddingOf, type TarHeader } from "./tar-format.ts";

const BLOCK = 512;
const MAX_RECORD_BYTES = 64 * 1024;

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
  const source = new BlockSource(process, extraction.reader);
  let exitCode = 0;
  let extended = new Map<string, string>();
  for (;;) {
    const block = await source.take(BLOCK);
    if (block.length === 0) break;
    if (block.length < BLOCK) return process.fail("short read");
    let header: TarHeader | null;
    try {
      header = decodeTarHeader(block);
    } catch {
      return process.fail("invalid tar magic");
    }
    if (header === null) continue;
    if ("LKxg".includes(header.type)) {
      const record = (await source.take(Math.min(header.size, MAX_RECORD_BYTES))).toString("utf8");
      await source.skip(Math.max(0, header.size - MAX_RECORD_BYTES) + paddingOf(header.size));
      if (header.type === "L") extended.set("path", record.replace(/\0.*$/s, ""));
      else if (header.type === "K") extended.set("linkpath", record.replace(/\0.*$/s, ""));
      else if (header.type === "x") extended = decodePax(record);
      continue;
    }
    const member = {
      ...header,
      name: extended.get("path") ?? header.name,
      linkName: extended.get("linkpath") ?? header.linkName,
    };
    if (extended.has("size")) member.size = Number(extended.get("size"));
    extended = new Map();
    exitCode = Math.max(exitCode, await extractMember(process, extraction, source, member));
  }
  if (exitCode !== 0) await process.fail("error exit delayed from previous errors");
  return exitCode;
}

async function extractMember(
  process: ProcessContext,
  extraction: Extraction,
  source: BlockSource,
  member: TarHeader,
): Promise<number> {
  const size = member.type === "0" || member.type === "7" ? member.size : 0;
  const chosen =
    extraction.wanted.length === 0 ||
    extraction.wanted.some((name) => member.name === name || member.name.startsWith(`${name}/`));
  let left = size;
  let exitCode = 0;
  if (chosen && (extraction.list || extraction.verbose)) await process.print(`${member.name}\n`);
  if (chosen && !extraction.list) {
    try {
      if (member.name.split("/").includes("..")) throw new FileError("EINVAL");
      await place(process, extraction, member, async (write) => {
        while (left > 0) {
          const chunk = await source.next(left);
          if (chunk === null) return;
          left -= chunk.length;
          await write(chunk);
        }
      });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(`can't create '${member.name}': ${error.message}`);
    }
  }
  await source.skip(left + paddingOf(size));
  return exitCode;
}

type CopyContent = (write: (chunk: Buffer) => Promise<void>) => Promise<void>;

async function place(
  process: ProcessContext,
  extraction: Extraction,
  member: TarHeader,
  copy: CopyContent,
): Promise<void> {
  const { files } = process.container;
  const path = resolvePath(extraction.directory, member.name.replace(/^\/+/, ""));
  if (extraction.toStdout) return copy((chunk) => process.write(chunk));
  if (member.type === "5") return files.makeDirectories(path);
  files.makeDirectories(parentOf(path));
  if (member.type === "2") {
    if (files.tryFind(path) !== undefined) files.remove(path, { recursive: false });
    return files.link(path, member.linkName);
  }
  if (member.type === "1") return files.copyFile(resolvePath(extraction.directory, member.linkName), path);
  const existing = files.tryFind(path);
  if (existing?.kind === "file") files.remove(path, { recursive: false });
  const writer = openOutput(process, path);
  await copy((chunk) => writer.write(chunk, process.signal));
  const node = files.find(path);
  node.mode = member.mode;
}

/** Exact numbers of bytes from a stream of chunks. */
class BlockSource {
  readonly #process: ProcessContext;
  readonly #reader: ByteReader;

  constructor(process: ProcessContext, reader: ByteReader) {
    this.#process = process;
    this.#reader = reader;
  }

  /** Some bytes, at most `limit`; null at the end. */
  async next(limit: number): Promise<Buffer | null> {
    const chunk = await this.#process.read(this.#reader);
    if (chunk === null) return null;
    this.#reader.unread(chunk.subarray(limit));
    return chunk.subarray(0, limit);
  }

  /** That many bytes; fewer only at the end of the stream. */
  async take(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let left = bytes;
    while (left > 0) {
      const chunk = await this.next(left);
      if (chunk === null) break;
      pieces.push(chunk);
      left -= chunk.length;
    }
    return Buffer.concat(pieces);
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const chunk = await this.next(left);
      if (chunk === null) return;
      left -= chunk.length;
    }
  }
}
