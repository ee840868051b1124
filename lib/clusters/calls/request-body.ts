import { encodeChunk, encodeLastChunk } from "../../wire/http1/chunked-encoder.ts";
import { writeRequestHead } from "../../wire/http1/write-head.ts";
import { callError } from "./call-errors.ts";
import type { ClusterRequest } from "./cluster-call.ts";

/** Up to here the body is copied behind the head, so that both go out as one. */
const MOST_JOINED_BYTES = 262_144;
/** Methods whose requests say that they have no body (RFC 9110 §8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** The head of a request, as it goes out. @throws ERR_REQUEST_INVALID where it would be none. */
export function headOf({ method, path, headers, body }: ClusterRequest, host: string): string {
  const lines = ["Host", host, ...headers];
  if (body === "chunked") lines.push("Transfer-Encoding", "chunked");
  else if (typeof body === "number") lines.push("Content-Length", String(body));
  else if (body !== null) lines.push("Content-Length", String(body.length));
  else if (WITH_BODY.has(method)) lines.push("Content-Length", "0");
  try {
    return writeRequestHead(method, path, lines);
  } catch (error) {
    throw callError("ERR_REQUEST_INVALID", (error as Error).message, error);
  }
}

/** What goes out first: the head with all or the beginning of the body, as one piece where it can be. */
export function joined(head: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 0, "latin1");
  body.copy(bytes, head.length);
  return bytes;
}

export const mayJoin = (body: Buffer): boolean => body.length <= MOST_JOINED_BYTES;

/** Frames a body that comes piece by piece, and sees to it that it is as long as the head says: what were more of it would be the next request. */
export class BodyFraming {
  #left: number | "chunked";
  #isEnded = false;

  constructor(length: number | "chunked") {
    this.#left = length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** A piece as it goes out; null: there is nothing of it. @throws ERR_REQUEST_INVALID. */
  write(chunk: Buffer): Buffer | null {
    if (this.#isEnded) throw callError("ERR_REQUEST_INVALID", "the request's body goes on after its end");
    if (chunk.length === 0) return null;
    if (this.#left === "chunked") return encodeChunk(chunk);
    if (chunk.length > this.#left)
      throw callError("ERR_REQUEST_INVALID", "the request's body is longer than its head says");
    this.#left -= chunk.length;
    return chunk;
  }

  /** What ends it; null: nothing has to. @throws ERR_REQUEST_INVALID. */
  end(): Buffer | null {
    if (this.#isEnded) return null;
    this.#isEnded = true;
    if (this.#left === "chunked") return encodeLastChunk(null);
    if (this.#left > 0)
      throw callError("ERR_REQUEST_INVALID", "the request's body is shorter than its head says");
    return null;
  }
}
