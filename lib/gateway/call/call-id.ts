import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const ID_BYTES = 16;
/** Randomness is drawn for many ids at once: a draw costs more than everything else about an id. */
const pool = new Uint8Array(ID_BYTES * 256);
let used = pool.length;

/** A UUIDv7 (RFC 9562 §5.7): ids of later milliseconds sort later. */
export function newCallId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + ID_BYTES);
  used += ID_BYTES;
  return v7({ random });
}
