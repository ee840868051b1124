import { randomBytes } from "node:crypto";
import type { ByteReader, ByteWriter } from "../byte-pipe.ts";
import { FileError } from "./file-error.ts";
import { discardingWriter, EndlessReader, FileReader, FileWriter, FixedReader } from "./file-streams.ts";
import type { VirtualFileSystem } from "./virtual-file-system.ts";

const ZEROS = Buffer.alloc(64 * 1024);

interface StandardStreams {
  stdin: ByteReader;
  stdout: ByteWriter;
  stderr: ByteWriter;
}

/** Opens a file or device to read. Throws FileError. */
export function openReader(
  files: VirtualFileSystem,
  path: string,
  streams: Pick<StandardStreams, "stdin">,
): ByteReader {
  const node = files.find(path);
  if (node.kind !== "device") return new FileReader(files.open(path));
  switch (node.device) {
    case "zero":
    case "full":
      return new EndlessReader(() => ZEROS);
    case "random":
      return new EndlessReader(() => randomBytes(64 * 1024));
    case "stdin":
    case "tty":
      return streams.stdin;
    default:
      return new FixedReader(Buffer.alloc(0));
  }
}

/** Opens a file or device to write, making the file where there is none. Throws FileError. */
export function openWriter(
  files: VirtualFileSystem,
  path: string,
  input: { append: boolean } & Pick<StandardStreams, "stdout" | "stderr">,
): ByteWriter {
  const node = files.tryFind(path);
  if (node?.kind === "device") {
    if (node.device === "stdout" || node.device === "tty") return input.stdout;
    if (node.device === "stderr") return input.stderr;
    return node.device === "full" ? fullDevice : discardingWriter;
  }
  const opened = files.openForWriting(path, { append: input.append });
  return new FileWriter(opened.content, () => {
    opened.node.modified = new Date();
  });
}

const fullDevice: ByteWriter = {
  write: async () => {
    throw new FileError("ENOSPC");
  },
};
