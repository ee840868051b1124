import { findInLines, type LineMatch, type ShownLine } from "./find-in-lines.ts";

const MATCH = "recording-match";
const CURRENT = "recording-match-current";

interface TextPiece {
  node: Text;
  text: string;
}

/** What is looked for on the screen, and the line that the search jumped to. */
export interface Sought {
  text: string;
  line: string | null;
}

/**
 * Marks what is looked for, by the CSS Custom Highlight API (CSS Custom Highlight API Module Level 1): the screen's own nodes stay as they
 * are, so that selecting and drawing go on. A browser without it shows no marks. Answers the line that has the match that was jumped to.
 */
export function markMatches(
  lines: readonly { element: Element; isWrapped: boolean }[],
  sought: Sought,
): Element | null {
  const matches = findInLines(lines.map(piecesOf), sought.text);
  const current = currentOf(matches, lines, sought);
  const line = current ? (lines[current.line]?.element ?? null) : null;
  if (typeof Highlight === "undefined") return line;
  const others = matches.filter((match) => match !== current);
  CSS.highlights.set(MATCH, new Highlight(...others.map(rangeOf)));
  CSS.highlights.set(CURRENT, new Highlight(...(current ? [rangeOf(current)] : [])));
  return line;
}

export function clearMarks(): void {
  if (typeof Highlight === "undefined") return;
  CSS.highlights.delete(MATCH);
  CSS.highlights.delete(CURRENT);
}

function piecesOf({ element, isWrapped }: { element: Element; isWrapped: boolean }): ShownLine<TextPiece> {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const pieces: TextPiece[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    pieces.push({ node: node as Text, text: (node as Text).data });
  }
  return { pieces, isWrapped };
}

/** The match in the line that was jumped to: the lowest such line, as it was shown last. Without one, the lowest match. */
function currentOf(
  matches: readonly LineMatch<TextPiece>[],
  lines: readonly { element: Element }[],
  { line }: Sought,
): LineMatch<TextPiece> | null {
  if (line === null) return null;
  const wanted = plain(line);
  const isThere = (match: LineMatch<TextPiece>) => {
    const shown = plain(lines[match.line]?.element.textContent ?? "");
    return shown !== "" && (shown.includes(wanted) || wanted.includes(shown));
  };
  const inLine = matches.filter(isThere);
  const lowest = inLine.at(-1);
  // The first of that line's.
  return inLine.find((match) => match.line === lowest?.line) ?? matches.at(-1) ?? null;
}

const plain = (text: string) => text.replaceAll("\u00a0", " ").trim();

function rangeOf({ start, end }: LineMatch<TextPiece>): Range {
  const range = document.createRange();
  range.setStart(start.piece.node, start.offset);
  range.setEnd(end.piece.node, end.offset);
  return range;
}
