import { lastContainers, mayBeManifest } from "./cut-document.ts";
import { UnsearchableError } from "./unsearchable-error.ts";

/** What can be read of a JSON text that was cut. */
export interface JsonPrefix {
  value: unknown;
  /** Objects and arrays within `value` that the cut left open: what would follow in them is not known. */
  open: ReadonlySet<object>;
}

/** A secret that the cut runs through is not told by its form any more (UTF-16 units). */
const CUT_MARGIN = 1_024;
/** No object of Kubernetes is deeper, and reading one would hold up every other call. */
const MAX_DEPTH = 1_000;

/** The last place where the text can be ended, and what is open there. */
interface SafeEnd {
  at: number;
  /** Closing brackets, outermost first. */
  closers: string[];
}

/** Reads a JSON text of which only the beginning is there, up to the last complete value; of a text that was cut, what is safe. */
export function parseJsonPrefix(text: string): JsonPrefix {
  const { safe, stringStart } = scan(text);
  const repaired = repair(text, safe, stringStart);
  let value: unknown;
  try {
    value = JSON.parse(repaired);
  } catch {
    throw new UnsearchableError("it is not valid JSON");
  }
  const open = lastContainers(value, safe.closers.length);
  // Of the whole object, the request's path tells what it is.
  open.delete(value as object);
  return { value, open };
}

/** `stringStart`: where the string begins that the cut runs through. */
function scan(text: string): { safe: SafeEnd; stringStart: number | null } {
  // Behind the safe end nothing opens or closes: what is open in the end is open there.
  const closers: string[] = [];
  const safe: SafeEnd = { at: 0, closers };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      if (end === null) return { safe, stringStart: at };
      at = end;
      continue;
    }
    if (character === "{") closers.push("}");
    else if (character === "[") closers.push("]");
    else if (character === "}" || character === "]") closers.pop();
    else if (character !== ",") continue;
    if (closers.length > MAX_DEPTH) throw new UnsearchableError("it is nested too deeply");
    safe.at = character === "," ? at : at + 1;
  }
  return { safe, stringStart: null };
}

function endOfString(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return null;
}

/** Closes what is open; a value's string that the cut runs through is kept but for its end. */
function repair(text: string, safe: SafeEnd, stringStart: number | null): string {
  const closing = safe.closers.toReversed().join("");
  const complete = text.slice(0, safe.at) + closing;
  if (stringStart === null) return complete;
  const value = /^\s*,?\s*"(?:[^"\\]|\\.)*"\s*:\s*$/.test(text.slice(safe.at, stringStart));
  const cut = text.slice(stringStart + 1, Math.max(stringStart + 1, text.length - CUT_MARGIN));
  const string = cut.replace(/\\(?:u[0-9a-f]{0,3})?$/i, "");
  if (!value || string === "" || oddBackslashes(string) || mayBeManifest(string)) return complete;
  return `${text.slice(0, stringStart)}"${string}…"${closing}`;
}

const oddBackslashes = (text: string): boolean => (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1;
