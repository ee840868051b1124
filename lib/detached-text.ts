/**
 * The same text with memory of its own. A piece of a text keeps the whole of it in memory: what is kept of a request would keep all that came with it,
 * credentials among it. For well-formed text.
 */
export function detachedText(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
