/**
 * Makes text that PostgreSQL's `text` and `jsonb` take: NUL and lone surrogates become U+FFFD, as a decoder would write
 * them. Data that the database refuses must never hold up the record.
 */
export function storableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes("\u0000") ? wellFormed.replaceAll("\u0000", "\ufffd") : wellFormed;
}

/** The same, cut on a character boundary so that it takes at most `maxBytes` bytes of UTF-8. */
export function boundedText(text: string, maxBytes: number): string {
  const storable = storableText(text);
  // A character takes at most three bytes a UTF-16 unit.
  if (storable.length * 3 <= maxBytes || Buffer.byteLength(storable) <= maxBytes) return storable;
  const mark = "…";
  return cutToBytes(storable, maxBytes - Buffer.byteLength(mark)) + mark;
}

/** Cuts well-formed text to at most `maxBytes` bytes of UTF-8 without splitting a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  const encoded = Buffer.allocUnsafe(maxBytes);
  const { read } = new TextEncoder().encodeInto(text, encoded);
  return text.slice(0, read);
}

/** `storableText` for every string (keys too) of a JSON value. */
export function storableJson(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), storableJson(inner)]),
  );
}
