import { type Document, isMap, isNode, isScalar, type LineCounter, type Node } from "yaml";

/** A place in a text; both from 1. */
export interface Position {
  line: number;
  column: number;
}

type Path = readonly PropertyKey[];

/** Where in the text of a document the value of a path stands, or of its nearest ancestor where it is not there. */
export function positionOf(document: Document, lines: LineCounter, path: Path): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return positionAt(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

/** Where a key of the map of a path stands. */
export function positionOfKey(document: Document, lines: LineCounter, path: Path, key: string): Position {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  const range = pair && (pair.key as Node).range;
  return range ? positionAt(lines, range[0]) : positionOf(document, lines, path);
}

export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
