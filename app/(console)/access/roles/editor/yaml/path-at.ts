/** Where in a YAML document a cursor stands: the keys above it, and what it is about to write. */
export interface CursorPath {
  /** The keys from the document's root; lists have none of their own. */
  keys: string[];
  /** A key, or the value of the last of `keys`; an item of a list of plain values is a value. */
  writes: "key" | "value";
  /** What is written of it so far. */
  typed: string;
}

const LINE = /^( *)((?:- +)*)(?:([\w.-]+):(?: +|$))?(.*)$/;

interface Read {
  /** Where the first dash stands; null where there is none. */
  dash: number | null;
  /** Where the key or the value begins, behind the dashes. */
  start: number;
  key: string | null;
  rest: string;
}

function readLine(text: string): Read {
  const [, indent = "", dashes = "", key, rest = ""] = LINE.exec(text) ?? [];
  const start = indent.length + dashes.length;
  return { dash: dashes === "" ? null : indent.length, start, key: key ?? null, rest };
}

/** Reads the lines from the first to the cursor's, of which only what stands before the cursor is given. By indentation: what is being written is rarely whole. */
export function pathAt(lines: readonly string[]): CursorPath {
  // A dash that was just typed has no blank yet.
  const current = readLine((lines.at(-1) ?? "").replace(/-$/, "- "));
  const keys = parentsOf(lines.slice(0, -1), current);
  if (current.key !== null) return { keys: [...keys, current.key], writes: "value", typed: current.rest };
  return { keys, writes: "key", typed: current.rest };
}

function parentsOf(above: readonly string[], current: Read): string[] {
  const keys: string[] = [];
  let { dash, start } = current;
  for (const text of above.toReversed()) {
    if (/^\s*(#.*)?$/.test(text)) continue;
    const line = readLine(text);
    // The first key of the same item says where the item's dash stands.
    if (dash === null && line.start === start && line.dash !== null) dash = line.dash;
    const isParent =
      line.key !== null && (dash === null ? line.start < start : line.start <= dash && line.dash !== dash);
    if (!isParent) continue;
    keys.unshift(line.key!);
    ({ dash, start } = line);
  }
  return keys;
}
