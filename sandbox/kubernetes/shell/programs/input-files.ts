import type { ByteReader } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { openReader, openWriter } from "../files/open-streams.ts";
import type { ProcessContext } from "../process-context.ts";

export interface InputFile {
  name: string;
  reader: ByteReader;
}

/**
 * Calls `use` for each file, or for stdin where none is named or where it is `-`. A file that cannot be read gets a
 * message and makes the exit code 1; the others are still read.
 */
export async function forEachInput(
  process: ProcessContext,
  names: string[],
  use: (file: InputFile) => Promise<void>,
): Promise<number> {
  let exitCode = 0;
  for (const name of names.length === 0 ? ["-"] : names) {
    try {
      await use({ name, reader: name === "-" ? process.stdin : openInput(process, name) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(
        `${error.code === "ENOENT" ? "can't open " : ""}${quoteName(name, error)}: ${error.message}`,
      );
    }
  }
  return exitCode;
}

function quoteName(name: string, error: FileError): string {
  return error.code === "ENOENT" ? `'${name}'` : name;
}

export function openInput(process: ProcessContext, name: string): ByteReader {
  return openReader(process.container.files, process.path(name), process);
}

export function openOutput(process: ProcessContext, name: string, append = false) {
  return openWriter(process.container.files, process.path(name), {
    append,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
