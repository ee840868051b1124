import { HeadError } from "./head-error.ts";

/** The largest head of a request: as GATEWAY_SERVER_OPTIONS has it, whose count leaves out what stands between names and values. */
export const MAX_REQUEST_HEAD_BYTES = 1024 * 1024 + 64 * 1024;
/** The largest head of an answer: four times what Node's client takes. */
export const MAX_RESPONSE_HEAD_BYTES = 64 * 1024;

const FIRST_LOOK_BYTES = 2_048;

/**
 * Reads a head from `bytes`, which may go on behind it. `read` gets its text in Latin-1 and answers null where that ends before the head; it is
 * given a longer one then, so that a body behind the head is not turned into text. Throws a HeadError where the head is longer than `maxBytes`.
 */
export function readHeadText<Head>(
  bytes: Buffer,
  from: number,
  maxBytes: number,
  read: (text: string) => Head | null,
): Head | null {
  const available = bytes.length - from;
  for (let look = FIRST_LOOK_BYTES; ; look *= 8) {
    const length = Math.min(available, look, maxBytes);
    const head = read(bytes.toString("latin1", from, from + length));
    if (head !== null) return head;
    if (length === maxBytes) throw new HeadError("a head that is too large", "HPE_HEADER_OVERFLOW");
    if (length === available) return null;
  }
}
