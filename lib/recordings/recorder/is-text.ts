import { isUtf8 } from "node:buffer";

/** From which share of bytes that no text has on a piece is none: an eighth. A stray byte, or a few characters of Latin-1, are not enough. */
const JUNK_SHARE = 8;

/** Whether a piece of a stream, cut anywhere, is wholly text: UTF-8 without NUL. */
export function isPlainText(piece: Buffer): boolean {
  return isUtf8(withoutCutCharacters(piece)) && !piece.includes(0);
}

/** Whether a piece of a stream is so much NUL and broken UTF-8 that nobody would read it: an image, an archive, a program. */
export function isBinary(piece: Buffer): boolean {
  if (isPlainText(piece)) return false;
  let junk = 0;
  for (const character of withoutCutCharacters(piece).toString("utf8"))
    if (character === "\0" || character === "\ufffd") junk++;
  return junk * JUNK_SHARE >= piece.length;
}

/** Without the end of a character that began before, and the beginning of one that goes on behind. */
function withoutCutCharacters(piece: Buffer): Buffer {
  let from = 0;
  while (from < Math.min(3, piece.length) && isContinuation(piece[from]!)) from++;
  let to = piece.length;
  for (let back = 1; back <= Math.min(3, piece.length - from); back++) {
    const byte = piece[piece.length - back]!;
    if (isContinuation(byte)) continue;
    if (characterBytes(byte) > back) to = piece.length - back;
    break;
  }
  return piece.subarray(from, to);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How many bytes a character has that begins with this one. */
function characterBytes(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}
