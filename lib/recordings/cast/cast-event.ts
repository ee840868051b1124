/**
 * What happened in a session. In a chunk each is a line of asciicast v3, `[interval, code, data]`, the interval in seconds since the one before
 * (https://docs.asciinema.org/manual/asciicast/v3/). Codes of asciicast: `o` output, `i` input, `r` resize (`100x30`), `m` marker, `x` exit code.
 * Codes of our own, which players pass over: `e` is output to stderr; `f` a file of a tar stream and `b` a stream that is no text, both as JSON.
 */
export interface CastEvent {
  /** Milliseconds since the session's start, whole, never less than the one before. */
  atMs: number;
  code: CastEventCode;
  data: string;
}

export type CastEventCode = "o" | "e" | "i" | "r" | "m" | "x" | "f" | "b";

/** `f`: a file that a tar stream brought (`from`: out of the container, or into it). */
export interface CastFile {
  name: string;
  size: number;
  sha256: string;
  direction: "from" | "to";
}

/** `b`: what was not put into the text, at the end of its stream. */
export interface CastBinary {
  stream: "stdin" | "stdout" | "stderr";
  bytes: number;
  sha256: string;
}
