import type { CastEvent } from "../cast/cast-event.ts";

/** A terminal's size in character cells. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Why there is nothing more to watch. `over`: the session is; `broken`: a piece of its recording is not what was written. */
export interface WatchEnd {
  reason: "over" | "broken";
  problem: string | null;
}

/** A server-sent event (WHATWG HTML, section 9.2), as it is sent to each who watches. */
export interface WatchMessage {
  bytes: Uint8Array;
  /** Bytes of output in it. */
  outputBytes: number;
  /** The size that it ends with, where it has one. */
  size: TerminalSize | null;
}

const encoder = new TextEncoder();

export const HEARTBEAT = encoder.encode(": still here\n\n");

export const sizeMessage = (size: TerminalSize): Uint8Array => message("size", size);
export const endMessage = (end: WatchEnd): Uint8Array => message("end", end);

/** What a screen has no use for is left out: files and binaries. Null where nothing is left. */
export function eventsMessage(events: readonly CastEvent[], outputBytes: number): WatchMessage | null {
  const shown = events.filter(({ code }) => code !== "f" && code !== "b");
  if (shown.length === 0) return null;
  const bytes = message("events", { events: shown.map(({ atMs, code, data }) => [atMs, code, data]) });
  return { bytes, outputBytes, size: lastSize(shown) };
}

/** The size that the last resize among them says. */
export function lastSize(events: readonly CastEvent[]): TerminalSize | null {
  const resize = events.findLast(({ code }) => code === "r");
  const [, columns, rows] = /^(\d{1,5})x(\d{1,5})$/.exec(resize?.data ?? "") ?? [];
  if (columns === undefined || rows === undefined) return null;
  return { columns: Number(columns), rows: Number(rows) };
}

function message(name: string, data: object): Uint8Array {
  return encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
