const ASCII = /^[\x20-\x7e\t\n\r]*$/;

/** Whether a needle is folded by A-Z alone: cheaper, and the same in every database and locale. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Lower case of A-Z alone. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether a text contains (`:`), begins with (`=^`) or ends with (`=$`) a needle, in any case; no character is special. A needle in ASCII
 * ignores the case of A-Z; any other ignores case as Unicode's default mapping does.
 */
export function matchesPart(op: ":" | "=^" | "=$", text: string, needle: string): boolean {
  const fold = isAscii(needle) ? lowerAscii : (each: string) => each.toLowerCase();
  const [folded, part] = [fold(text), fold(needle)];
  if (op === ":") return folded.includes(part);
  return op === "=^" ? folded.startsWith(part) : folded.endsWith(part);
}
