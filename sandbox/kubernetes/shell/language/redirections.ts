import type { ByteReader, ByteWriter } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { discardingWriter, FixedReader } from "../files/file-streams.ts";
import { openReader, openWriter } from "../files/open-streams.ts";
import { resolvePath } from "../files/virtual-file-system.ts";
import { expandText } from "./expansion.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Redirection } from "./syntax.ts";

export interface ShellStreams {
  stdin: ByteReader;
  stdout: ByteWriter;
  stderr: ByteWriter;
}

/** A redirection that cannot be made; the command is not run. */
export class RedirectionError extends Error {}

/** The streams of a command with its redirections, worked on from left to right. */
export async function applyRedirections(
  shell: Interpreter,
  redirections: Redirection[],
): Promise<ShellStreams> {
  let streams = shell.streams;
  for (const redirection of redirections) {
    streams = redirect(shell, streams, redirection, await expandText(shell, redirection.target));
  }
  return streams;
}

function redirect(
  shell: Interpreter,
  streams: ShellStreams,
  redirection: Redirection,
  target: string,
): ShellStreams {
  const { fd, operator } = redirection;
  switch (operator) {
    case "<<":
      return { ...streams, stdin: new FixedReader(Buffer.from(target)) };
    case "<<<":
      return { ...streams, stdin: new FixedReader(Buffer.from(`${target}\n`)) };
    case "<":
      return {
        ...streams,
        stdin: openNamed(target, () => openReader(shell.files, pathOf(shell, target), streams)),
      };
    case ">":
    case ">>":
      return withOutput(streams, fd, fileWriter(shell, streams, target, operator === ">>"));
    case "&>": {
      const writer = fileWriter(shell, streams, target, false);
      return { ...streams, stdout: writer, stderr: writer };
    }
    case "<&":
      return target === "-" ? { ...streams, stdin: new FixedReader(Buffer.alloc(0)) } : streams;
    case ">&":
      return duplicate(streams, fd, target);
  }
}

function duplicate(streams: ShellStreams, fd: number, target: string): ShellStreams {
  if (target === "-") return withOutput(streams, fd, discardingWriter);
  if (target === "1") return withOutput(streams, fd, streams.stdout);
  if (target === "2") return withOutput(streams, fd, streams.stderr);
  throw new RedirectionError(`${target}: bad file descriptor`);
}

function withOutput(streams: ShellStreams, fd: number, writer: ByteWriter): ShellStreams {
  if (fd === 1) return { ...streams, stdout: writer };
  if (fd === 2) return { ...streams, stderr: writer };
  throw new RedirectionError(`${fd}: file descriptors above 2 are not available in this sandbox`);
}

function fileWriter(shell: Interpreter, streams: ShellStreams, target: string, append: boolean): ByteWriter {
  return openNamed(
    target,
    () => openWriter(shell.files, pathOf(shell, target), { append, ...streams }),
    "create",
  );
}

function pathOf(shell: Interpreter, target: string): string {
  if (target === "") throw new FileError("ENOENT");
  return resolvePath(shell.state.directory, target);
}

function openNamed<Stream>(target: string, open: () => Stream, verb: "open" | "create" = "open"): Stream {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new RedirectionError(`can't ${verb} ${target}: ${describe(error, verb)}`);
  }
}

/** ash's own words for a file that is not there. */
function describe(error: FileError, verb: "open" | "create"): string {
  if (error.code !== "ENOENT") return error.message;
  return verb === "create" ? "nonexistent directory" : "no such file";
}
