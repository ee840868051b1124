import type { VirtualFileSystem } from "../files/virtual-file-system.ts";
import { evaluateArithmetic } from "./arithmetic.ts";
import { expandGlob } from "./glob.ts";
import { expandParameter } from "./parameter-expansion.ts";
import type { ShellState } from "./shell-state.ts";
import type { Script, Word } from "./syntax.ts";

/** What expansion needs of the shell that it works for. */
export interface ExpansionHost {
  readonly state: ShellState;
  readonly files: VirtualFileSystem;
  /** Output of `$( )`, its last line breaks removed. */
  substitute(script: Script): Promise<string>;
}

/** A piece of expanded text. */
interface Piece {
  text: string;
  quoted: boolean;
  /** From an expansion: split into fields where it is not quoted. */
  expanded: boolean;
  /** Begins a new field by itself: the second and later of "$@". */
  breaksField: boolean;
}

interface Field {
  text: string;
  /** The text as a pattern: quoted characters are escaped. */
  pattern: string;
  canGlob: boolean;
  wasQuoted: boolean;
}

/** Words of a command: parameters, substitution, field splitting, file names (POSIX, section 2.6). */
export async function expandWords(host: ExpansionHost, words: Word[]): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    for (const braced of expandBraces(word)) {
      const fields = splitFields(await expandPieces(host, braced), host.state.get("IFS") ?? " \t\n");
      for (const field of fields) result.push(...globField(host, field));
    }
  }
  return result;
}

/** A word where no splitting takes place: assignments, redirections, `case`. */
export async function expandText(host: ExpansionHost, word: Word): Promise<string> {
  const pieces = await expandPieces(host, word);
  return pieces.map((piece) => (piece.breaksField ? ` ${piece.text}` : piece.text)).join("");
}

/** A word as a pattern: quoted characters match themselves. */
export async function expandPattern(host: ExpansionHost, word: Word): Promise<string> {
  const pieces = await expandPieces(host, word);
  return pieces.map((piece) => (piece.quoted ? escapePattern(piece.text) : piece.text)).join("");
}

async function expandPieces(host: ExpansionHost, word: Word): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, part] of word.entries()) {
    if (part.kind === "text") {
      const text = index === 0 && !part.quoted ? expandTilde(host, part.text) : part.text;
      pieces.push({ text, quoted: part.quoted, expanded: false, breaksField: false });
    } else if (part.kind === "command") {
      pieces.push({
        text: await host.substitute(part.script),
        quoted: part.quoted,
        expanded: true,
        breaksField: false,
      });
    } else if (part.kind === "arithmetic") {
      const { state } = host;
      const variables = {
        get: (name: string) => state.get(name) ?? "",
        set: (name: string, value: string) => state.set(name, value),
      };
      const value = evaluateArithmetic(await expandText(host, part.expression), variables);
      pieces.push({ text: String(value), quoted: part.quoted, expanded: true, breaksField: false });
    } else if (part.name === "@" && part.operator === "") {
      for (const [position, text] of host.state.positional.entries()) {
        pieces.push({ text, quoted: part.quoted, expanded: true, breaksField: position > 0 });
      }
    } else {
      const text = await expandParameter(part, host.state, {
        text: (argument) => expandText(host, argument),
        pattern: (argument) => expandPattern(host, argument),
      });
      pieces.push({ text, quoted: part.quoted, expanded: true, breaksField: false });
    }
  }
  return pieces;
}

function expandTilde(host: ExpansionHost, text: string): string {
  return /^~(\/|$)/.test(text) ? (host.state.get("HOME") ?? "/root") + text.slice(1) : text;
}

function splitFields(pieces: Piece[], separators: string): Field[] {
  const fields: Field[] = [];
  let current: Field | null = null;
  const open = (): Field => {
    current ??= { text: "", pattern: "", canGlob: false, wasQuoted: false };
    return current;
  };
  const close = () => {
    if (current !== null) fields.push(current);
    current = null;
  };
  for (const piece of pieces) {
    if (piece.breaksField) close();
    if (piece.quoted) {
      const field = open();
      field.text += piece.text;
      field.pattern += escapePattern(piece.text);
      field.wasQuoted = true;
      continue;
    }
    const runs =
      piece.expanded && separators !== ""
        ? splitText(piece.text, separators)
        : [{ text: piece.text, breaks: false }];
    for (const run of runs) {
      if (run.breaks) close();
      if (run.text === "") continue;
      const field = open();
      field.text += run.text;
      field.pattern += run.text;
      field.canGlob = true;
    }
  }
  close();
  return fields.filter((field) => field.text !== "" || field.wasQuoted);
}

/** Runs of text between separators; `breaks` where a separator came before. White space at an end only breaks. */
function splitText(text: string, separators: string): { text: string; breaks: boolean }[] {
  const runs: { text: string; breaks: boolean }[] = [{ text: "", breaks: false }];
  for (const character of text) {
    if (separators.includes(character)) runs.push({ text: "", breaks: true });
    else runs.at(-1)!.text += character;
  }
  return runs;
}

function globField(host: ExpansionHost, field: Field): string[] {
  if (!field.canGlob || host.state.options.has("f") || !/[*?[]/.test(field.pattern)) return [field.text];
  const matches = expandGlob(host.files, host.state.directory, field.pattern);
  return matches.length === 0 ? [field.text] : matches;
}

/** `{a,b}` and `{1..3}` of one unquoted text part: not POSIX, but what people type. */
function expandBraces(word: Word): Word[] {
  for (const [index, part] of word.entries()) {
    if (part.kind !== "text" || part.quoted) continue;
    const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(part.text);
    const alternatives = match === null ? null : braceAlternatives(match[2]!);
    if (match === null || alternatives === null) continue;
    return alternatives.flatMap((text) => {
      const replaced: Word = [...word];
      replaced[index] = { kind: "text", quoted: false, text: match[1]! + text + match[3]! };
      return expandBraces(replaced);
    });
  }
  return [word];
}

function braceAlternatives(inside: string): string[] | null {
  if (inside.includes(",")) return inside.split(",");
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(inside);
  if (range === null) return null;
  const [from, to] = [Number(range[1]), Number(range[2])];
  const count = Math.min(Math.abs(to - from) + 1, 10_000);
  return Array.from({ length: count }, (_, step) => String(from <= to ? from + step : from - step));
}

function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, "\\$&");
}
