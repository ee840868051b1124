import { z } from "zod";
import type { CastBinary, CastEvent, CastFile } from "../cast/cast-event.ts";

const File = z.object({
  name: z.string(),
  size: z.number(),
  sha256: z.string(),
  direction: z.enum(["from", "to"]),
});
const Binary = z.object({ stream: z.string(), bytes: z.number(), sha256: z.string() });

/** A file or a stream that is no text (`f`, `b`), in a line of words. */
export function describeContent({ code, data }: Pick<CastEvent, "code" | "data">): string {
  const value: unknown = JSON.parse(data);
  if (code === "b") {
    const { stream, bytes, sha256 } = Binary.parse(value) as CastBinary;
    return `${stream} was no text: ${bytes} bytes, SHA-256 ${sha256}`;
  }
  const { name, size, sha256, direction } = File.parse(value) as CastFile;
  const way = direction === "to" ? "into" : "out of";
  return `file ${way} the container: ${name}, ${size} bytes, SHA-256 ${sha256}`;
}
