import type { Duplex } from "node:stream";
import type { LastWords } from "../../wire/last-words.ts";
import { WireError } from "../../wire/wire-error.ts";
import { endConnection } from "../answer/end-connection.ts";
import { isTrue, parseQuery } from "../request/query.ts";
import type { GivenEnd } from "./session-ending.ts";
import type { SessionWatch } from "./session-watch.ts";
import type { TunnelEnd } from "./tunnel.ts";

/** How long the client may take to read why its session ended. */
export const LAST_WORDS_MS = 2_000;

/**
 * Out of the alternate screen of an editor or pager, and its cursor and colours back; without effect elsewhere
 * (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
 */
const PLAIN_SCREEN = "\x1b[?1047l\x1b[?25h\x1b[m";

interface EndedSession {
  watch: Pick<SessionWatch, "lastWords">;
  end: TunnelEnd;
  /** Why the gateway ended it, if it did. */
  given: GivenEnd | null;
  /** Of the request: which streams it asked for. */
  query: string;
}

/** What is shown in the session, and the frames that say it. */
interface Farewell extends Pick<LastWords, "text" | "stream"> {
  frames: Buffer;
}

/**
 * What tells the person why her exec or attach ended. Null where there is nothing to be said that her command has not, or what she got last
 * is a cut frame, which nothing can follow.
 */
export function farewellOf(ended: EndedSession): Farewell | null {
  const { end, given, query } = ended;
  const { lastWords } = ended.watch;
  const why = whyItEnded(end, given);
  if (lastWords === null || why === null || end.kind === "cluster-ended") return null;
  if (lastWords.frames.bytesLeft > 0) return null;
  const words = lastWordsFor(why, query, given);
  const frames = lastWords.encode(words);
  return frames && { text: words.text, stream: words.stream, frames };
}

function lastWordsFor(why: string, query: string, given: GivenEnd | null): LastWords {
  const message = `Kubewitness ended this session: ${oneLine(why)}`;
  const options = parseQuery(query);
  const tty = isTrue(options, "tty");
  return {
    text: tty ? `${PLAIN_SCREEN}\r\n\r\n${message}\r\n` : `\n${message}\n`,
    stream: streamFor({ tty, stdout: isTrue(options, "stdout"), stderr: isTrue(options, "stderr") }),
    message,
    ...statusOf(given),
  };
}

/** Ends the client's connection with these bytes, where there are any; resolves when it is gone. */
export async function endWithLastWords(socket: Duplex, bytes: Buffer | null): Promise<void> {
  if (bytes === null || socket.destroyed) {
    socket.destroy();
    return;
  }
  const closed = new Promise<void>((resolve) => socket.once("close", resolve));
  endConnection(socket, bytes, { idleMs: LAST_WORDS_MS, totalMs: LAST_WORDS_MS });
  await closed;
}

function whyItEnded(end: TunnelEnd, given: GivenEnd | null): string | null {
  if (end.kind === "observer-failed" && !(end.error instanceof WireError)) return end.error.message;
  return given?.message ?? null;
}

/** A terminal has no stderr. Without one, stdout may be piped into something else. */
function streamFor(asked: { tty: boolean; stdout: boolean; stderr: boolean }): LastWords["stream"] {
  if (asked.tty) return asked.stdout ? "stdout" : null;
  return asked.stderr ? "stderr" : null;
}

function statusOf(given: GivenEnd | null): Pick<LastWords, "reason" | "code"> {
  if (given === null) return { reason: "InternalError", code: 500 };
  if (given.reason === "draining" || given.reason === "unrecorded")
    return { reason: "ServiceUnavailable", code: 503 };
  return { reason: "Forbidden", code: 403 };
}

/** What somebody wrote as the reason is shown in another's terminal: it may not move the cursor there, or break the line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
