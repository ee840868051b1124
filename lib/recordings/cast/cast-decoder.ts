import type { CastEvent, CastEventCode } from "./cast-event.ts";
import { CastHeader } from "./cast-header.ts";

/** Bytes that a chunk's lines may have when decompressed; whoever decompresses one takes no more. */
export const MAX_CHUNK_TEXT_BYTES = 4 * 2 ** 20;

const CODES: ReadonlySet<unknown> = new Set<CastEventCode>(["o", "e", "i", "r", "m", "x", "f", "b"]);

/** What is no asciicast v3, or none of ours. */
export class CastError extends Error {
  override name = "CastError";
}

/**
 * Reads asciicast v3 back into events, from bytes cut anywhere: a whole recording, or one chunk. `firstAtMs`: when its first event happened
 * (a chunk's `fromMs`); where it is left out, the first interval counts from the session's start. Holds at most one line that is not whole.
 */
export class CastDecoder {
  /** Once its line was read: the first of a recording's first chunk. */
  header: CastHeader | null = null;
  readonly #text = new TextDecoder("utf-8", { fatal: true });
  #rest = "";
  #atMs = 0;
  #firstAtMs: number | null;

  constructor({ firstAtMs }: { firstAtMs?: number } = {}) {
    this.#firstAtMs = firstAtMs ?? null;
  }

  /** The events whose lines are whole by now. Throws a {@link CastError}. */
  push(bytes: Uint8Array): CastEvent[] {
    return this.#take(this.#decode(bytes));
  }

  /** After the last bytes. Throws a {@link CastError} where they end within a line. */
  end(): void {
    const rest = this.#rest + this.#decode();
    if (rest !== "") throw new CastError(`it ends within a line, after ${rest.length} characters of it`);
  }

  #decode(bytes?: Uint8Array): string {
    try {
      return bytes === undefined ? this.#text.decode() : this.#text.decode(bytes, { stream: true });
    } catch {
      throw new CastError("it is not UTF-8");
    }
  }

  #take(text: string): CastEvent[] {
    const events: CastEvent[] = [];
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    if (this.#rest.length > MAX_CHUNK_TEXT_BYTES)
      throw new CastError(`a line of more than ${MAX_CHUNK_TEXT_BYTES} characters`);
    for (const line of lines) {
      if (line === "" || line.startsWith("#")) continue;
      if (line.startsWith("{")) this.header = readHeader(line);
      else events.push(this.#event(line));
    }
    return events;
  }

  #event(line: string): CastEvent {
    const { interval, code, data } = readEventLine(line);
    this.#atMs = this.#firstAtMs ?? this.#atMs + Math.round(interval * 1000);
    this.#firstAtMs = null;
    return { atMs: this.#atMs, code, data };
  }
}

function readEventLine(line: string): { interval: number; code: CastEventCode; data: string } {
  const value = readJson(line);
  if (!Array.isArray(value)) throw noEvent(line);
  const [interval, code, data] = value;
  if (typeof interval !== "number" || !(interval >= 0) || !CODES.has(code) || typeof data !== "string")
    throw noEvent(line);
  return { interval, code, data };
}

function readHeader(line: string): CastHeader {
  const header = CastHeader.safeParse(readJson(line));
  if (!header.success) throw new CastError(`its header is none of asciicast v3: ${header.error.message}`);
  return header.data;
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw noEvent(line);
  }
}

/** Enough to find the line by; what it shows may be secret, and a message goes to logs. */
function noEvent(line: string): CastError {
  return new CastError(`a line of ${line.length} characters is no event of asciicast v3`);
}
