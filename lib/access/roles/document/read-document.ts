import { LineCounter, parseDocument } from "yaml";
import { type CheckedDocument, checkDocument, type DocumentIssue } from "./check-document.ts";
import { type Position, positionAt, positionOf, positionOfKey } from "./positions.ts";

/** The most characters of a document. */
export const MOST_DOCUMENT_CHARACTERS = 56_000;
/** How often anchors may be named: each copies what it stands for. */
const MOST_ALIASES = 20;
/** YAML's reader goes one call deeper with each. */
const MOST_DEPTH = 30;

export interface PositionedIssue extends DocumentIssue {
  position: Position;
}

export interface ReadDocument extends CheckedDocument {
  issues: PositionedIssue[];
}

/** Reads a role's document from YAML, of which JSON is a part. What is wrong is said with its place in the text. */
export function readDocument(text: string): ReadDocument {
  const refused = whyUnread(text);
  if (refused !== null) return unread(refused, { line: 1, column: 1 });
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    version: "1.2",
  });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) return unread(oneLine(broken.message), positionAt(lines, broken.pos[0]));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    return unread(`takes YAML with at most ${MOST_ALIASES} aliases: ${oneLine(String(error))}`, {
      line: 1,
      column: 1,
    });
  }
  const checked = checkDocument(value);
  const place = ({ path, key }: DocumentIssue) =>
    key === undefined ? positionOf(document, lines, path) : positionOfKey(document, lines, path, key);
  return { ...checked, issues: checked.issues.map((issue) => ({ ...issue, position: place(issue) })) };
}

function unread(message: string, position: Position): ReadDocument {
  return { document: null, issues: [{ severity: "error", path: [], message, position }] };
}

const oneLine = (text: string) => text.split("\n")[0] ?? text;

function whyUnread(text: string): string | null {
  if (text.length > MOST_DOCUMENT_CHARACTERS) return `takes at most ${MOST_DOCUMENT_CHARACTERS} characters`;
  if (text.trim() === "") return "takes a document: nothing is written";
  if (depthOf(text) > MOST_DEPTH) return `takes at most ${MOST_DEPTH} levels`;
  return null;
}

/** At least as deep as the document nests: brackets that are open at once, and the deepest indentation. */
function depthOf(text: string): number {
  let [open, deepest] = [0, 0];
  for (const character of text) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open -= 1;
    deepest = Math.max(deepest, open);
  }
  const levels = text.split("\n").map((line) => /^[ ]*(?:[-?:] +)*/.exec(line)?.[0].length ?? 0);
  return Math.max(deepest, levels.reduce((most, spaces) => Math.max(most, spaces), 0) / 8);
}
