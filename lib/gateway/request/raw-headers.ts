import type { RequestHead } from "./client-request.ts";

/** A header that Node keeps once (the first one where it came twice), or null where it is absent or empty. */
export function headerOf(request: Pick<RequestHead, "headers">, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Where a header's first line is at or behind `from`, its name at that place and its value at the next; -1: nowhere. `name` in lower case. */
export function findHeader(rawHeaders: readonly string[], name: string, from = 0): number {
  const first = name.charCodeAt(0);
  for (let i = from; i < rawHeaders.length; i += 2) {
    const key = rawHeaders[i]!;
    // Few names need their letters changed to be told from this one.
    if (key.length !== name.length || (key.charCodeAt(0) | 0x20) !== first) continue;
    if (key === name || key.toLowerCase() === name) return i;
  }
  return -1;
}

/** Every value of a header, in order, one for each line that came. `name` in lower case. Node joins them with ", ". */
export function headerLines(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const key = rawHeaders[i]!;
    if (key.length === name.length && key.toLowerCase() === name) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

/** The comma-separated members of a header's lines, trimmed, empty ones left out (RFC 9110 §5.6.1). */
export function headerMembers(rawHeaders: readonly string[], name: string): string[] {
  return headerLines(rawHeaders, name)
    .flatMap((line) => line.split(","))
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

/** HTTP field values are bytes, which Node reads as Latin-1; Kubernetes means UTF-8. */
export function decodeFieldValue(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, "latin1").toString("utf8");
}

/**
 * The other way round. Throws where the text has a control character: it must never reach a header, where it would end it.
 */
export function encodeFieldValue(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Error("a header value with a control character");
  return Buffer.from(text, "utf8").toString("latin1");
}
