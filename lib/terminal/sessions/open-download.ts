import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { log } from "../../log.ts";
import type { OfferedFile } from "./downloads.ts";

/** The bytes of a file that was offered; it is removed when they were read, or nobody reads on. */
export function openDownload({ path }: OfferedFile): ReadableStream<Uint8Array> {
  const file = createReadStream(path);
  file.once("close", () => {
    rm(path, { force: true }).catch((error: unknown) =>
      log.warn({ err: error }, "a downloaded file of a terminal could not be removed"),
    );
  });
  return Readable.toWeb(file) as ReadableStream<Uint8Array>;
}
