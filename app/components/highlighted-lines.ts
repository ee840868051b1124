/**
 * Splits highlight.js markup into lines, closing at a line's end the spans that are open there and opening them again on
 * the next, so that each line is well-formed by itself. The markup holds only `<span class="…">`, `</span>` and entities.
 */
export function splitHighlightedLines(markup: string): string[] {
  const open: string[] = [];
  return markup.split("\n").map((line) => {
    const prefix = open.join("");
    for (const tag of line.match(/<span[^>]*>|<\/span>/g) ?? []) {
      if (tag === "</span>") open.pop();
      else open.push(tag);
    }
    return prefix + line + "</span>".repeat(open.length);
  });
}
