/** A line of the screen as pieces of text: the nodes that a browser draws it with. */
export interface ShownLine<Piece extends { text: string }> {
  pieces: readonly Piece[];
  /** It goes on what the line before began: there was no more room on that one. */
  isWrapped: boolean;
}

/** Where a match begins or ends: in which piece, after how many of its characters. */
export interface PiecePlace<Piece> {
  piece: Piece;
  offset: number;
}

export interface LineMatch<Piece> {
  /** Of the first line that it is in. */
  line: number;
  start: PiecePlace<Piece>;
  end: PiecePlace<Piece>;
}

/** A word in a file of 50 MB is there often; more marks than these on one screen tell nothing. */
const MOST_MATCHES = 500;

/** Finds a text in the lines of a screen, without regard to case, over the pieces of a line and over lines that go on. */
export function findInLines<Piece extends { text: string }>(
  lines: readonly ShownLine<Piece>[],
  wanted: string,
): LineMatch<Piece>[] {
  if (wanted === "") return [];
  const pattern = new RegExp(escapePattern(wanted), "giu");
  const matches: LineMatch<Piece>[] = [];
  for (let first = 0; first < lines.length && matches.length < MOST_MATCHES; ) {
    let next = first + 1;
    while (lines[next]?.isWrapped) next += 1;
    const pieces = lines
      .slice(first, next)
      .flatMap((line, at) => line.pieces.map((piece) => ({ piece, line: first + at })));
    const text = pieces.map(({ piece }) => piece.text.replaceAll("\u00a0", " ")).join("");
    for (const { index, 0: found } of text.matchAll(pattern)) {
      const start = placeAt(pieces, index, "start");
      const end = placeAt(pieces, index + found.length, "end");
      if (start && end) matches.push({ line: start.line, start, end });
    }
    first = next;
  }
  return matches.slice(0, MOST_MATCHES);
}

function placeAt<Piece extends { text: string }>(
  pieces: readonly { piece: Piece; line: number }[],
  index: number,
  side: "start" | "end",
): (PiecePlace<Piece> & { line: number }) | null {
  let before = 0;
  for (const { piece, line } of pieces) {
    const offset = index - before;
    const isIn = side === "start" ? offset < piece.text.length : offset <= piece.text.length;
    if (isIn) return { piece, line, offset };
    before += piece.text.length;
  }
  return null;
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
