import { randomFillSync } from "node:crypto";

/** 74 bits of an id are random: as many digits of 4 bits, of which one gives but two bits. */
const RANDOM_DIGITS = 19;
/** Randomness is drawn for many ids at once: a draw costs more than everything else about an id. */
const drawn = Buffer.allocUnsafe((RANDOM_DIGITS * 256) / 2);
const VARIANTS = "89ab";

let digits = "";
let used = 0;
let timeAt = -1;
let time = "";

/** A UUIDv7 (RFC 9562 §5.7): ids of later milliseconds sort later. */
export function newCallId(): string {
  if (used === digits.length) {
    digits = randomFillSync(drawn).toString("hex");
    used = 0;
  }
  const now = Date.now();
  if (now !== timeAt) {
    timeAt = now;
    const hex = now.toString(16).padStart(12, "0");
    time = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }
  const at = used;
  used += RANDOM_DIGITS;
  const variant = VARIANTS[Number.parseInt(digits[at]!, 16) & 3];
  return `${time}${digits.slice(at + 1, at + 4)}-${variant}${digits.slice(at + 4, at + 7)}-${digits.slice(at + 7, at + 19)}`;
}
