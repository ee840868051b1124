import type { ByteReader } from "./byte-pipe.ts";

const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 1024 * 1024;

/**
 * Reads one line, its break removed, and leaves the rest of the stream to whoever reads next; null at the end. A line
 * over 1 MiB is given in pieces.
 */
export async function readLine(
  reader: ByteReader,
  signal: AbortSignal,
): Promise<{ text: string; terminated: boolean } | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = await reader.read(signal);
    if (chunk === null) break;
    const end = chunk.indexOf(NEWLINE);
    if (end !== -1) {
      reader.unread(chunk.subarray(end + 1));
      pieces.push(chunk.subarray(0, end));
      return { text: Buffer.concat(pieces).toString("utf8"), terminated: true };
    }
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_LINE_BYTES) break;
  }
  return bytes === 0 ? null : { text: Buffer.concat(pieces).toString("utf8"), terminated: false };
}

/** Batches of whole lines, each without its break, as they come in; `terminated` is false for a last line without one. */
export async function* readLineBatches(
  read: () => Promise<Buffer | null>,
): AsyncGenerator<{ lines: string[]; lastTerminated: boolean }, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for (let chunk = await read(); chunk !== null; chunk = await read()) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1 && rest.length + chunk.length <= MAX_LINE_BYTES) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const cut = end === -1 ? chunk.length : end;
    const whole = Buffer.concat([rest, chunk.subarray(0, cut)]);
    rest = Buffer.from(chunk.subarray(cut + 1));
    yield { lines: whole.toString("utf8").split("\n"), lastTerminated: true };
  }
  if (rest.length > 0) yield { lines: [rest.toString("utf8")], lastTerminated: false };
}
