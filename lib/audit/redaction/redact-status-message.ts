import { redactedText } from "./mark.ts";
import { MESSAGE_ASSIGNMENT, MESSAGE_PATTERNS } from "./message-patterns.ts";
import { endOfPrintedValue, endOfQuoted } from "./printed-value.ts";
import { redactFileText, redactKnownSecrets, redactWith } from "./redact-text.ts";
import { isSecretField, isSecretVariable } from "./secret-names.ts";
import { ARGUMENT_PATTERNS } from "./secret-patterns.ts";

/** More of a message is not looked at: 1 KB is kept (UTF-16 units). */
const MAX_LENGTH = 16_384;
/** Values that are taken out one by one; behind them nothing is kept. */
const MAX_VALUES = 64;

/**
 * Takes the objects out of what a cluster says in words: `Status.message`, the end of a session, a refusal in plain text. Its errors
 * print what was sent: Go structs (`%#v`, `%+v`), maps, lists, JSON, diffs, pieces of a body that could not be read. Path and reason
 * stay; of values that were refused (k8s.io/apimachinery/pkg/util/validation/field) only plain ones whose path is no secret's.
 */
export function redactStatusMessage(whole: string): string {
  const message = whole.length > MAX_LENGTH ? `${whole.slice(0, MAX_LENGTH)}…` : whole;
  const ofSecret = SECRET_IS_INVALID.test(message);
  const parts: string[] = [];
  let done = 0;
  let values = 0;
  for (const { index, 0: found } of message.matchAll(BEGINNING)) {
    if (index < done) continue;
    const value = valueAt(message, index, found, ofSecret);
    if (value === null) continue;
    const end = ++values > MAX_VALUES ? message.length : value.end;
    parts.push(message.slice(done, value.start), redactedText(message.slice(value.start, end)));
    done = end;
  }
  parts.push(message.slice(done));
  return redactWords(parts.join(""));
}

/** `password=x`, `--token x`, `"value":"x"`, `password:x`, lines of YAML outside of objects. */
function redactWords(whole: string): string {
  const message = redactWith(redactCommands(whole), [MESSAGE_ASSIGNMENT]);
  const text = message.includes("\n") ? redactFileText(message) : redactKnownSecrets(message);
  return redactWith(text, MESSAGE_PATTERNS);
}

/** Container runtimes quote the command that they could not run: `exec: "curl -u admin:x": executable file not found`. */
function redactCommands(message: string): string {
  return message.replaceAll(QUOTED, (quoted) => {
    if (!/\s/.test(quoted)) return quoted;
    const inner = redactWith(quoted.slice(1, -1), ARGUMENT_PATTERNS);
    return `${quoted[0]}${inner}${quoted.at(-1)}`;
  });
}

const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)|`[^`]*`/g;

/** Where something begins that may have to go: a value that was refused, a piece of a body, an object, a map or a list. */
const BEGINNING = /(?:Invalid|Duplicate|Unsupported) value:|Not found:|\.\.\.\||\{|\[/g;
const SECRET_IS_INVALID = /\bSecret "[^"]*" is invalid/;

const MAX_PATH_LENGTH = 1_024;

interface Span {
  start: number;
  end: number;
}

function valueAt(message: string, index: number, found: string, ofSecret: boolean): Span | null {
  if (found.endsWith(":")) return refusedValue(message, index, index + found.length, ofSecret);
  // jsoniter's errors: "error found in #10 byte of ...|rd":"x"},{|..., bigger context ...|...|..."
  if (found === "...|") {
    const end = message.lastIndexOf("|...");
    return { start: index, end: end < index + found.length ? message.length : end + 4 };
  }
  const isValue = found === "{" ? isObject(message, index) : isList(message, index);
  return isValue ? { start: index, end: endOfPrintedValue(message, index) } : null;
}

/** All braces but empty ones and those of a pattern (`[a-z]{1,63}`). */
const isObject = (message: string, at: number): boolean =>
  !/^\{(?:\s{0,8}|\d{1,9}(?:,\d{0,9})?)\}/.test(message.slice(at, at + 32));

/** Brackets of paths, patterns, types and lists of errors (`[a: Required value, b: ...]`) are no values. */
function isList(message: string, at: number): boolean {
  const rest = message.slice(at, at + 256);
  if (HARMLESS.test(rest)) return false;
  const before = message.slice(Math.max(0, at - 16), at);
  if (before.endsWith("map")) return !TYPE_OF_MAP.test(rest);
  if (COMMAND_BEFORE.test(before)) return true;
  return LIST.test(rest);
}

/** What an earlier look took out, and what Pod Security says of capabilities (`drop=["ALL"]`). */
const HARMLESS = /^\[(?:redacted \d+ bytes|"ALL")\]/;
/** `[string]string{`: the value itself follows. */
const TYPE_OF_MAP = /^\[[\w.*]{1,60}\][\w.*[\]]{1,120}(?: \{\})?[{(]/;
const COMMAND_BEFORE = /\b(?:command|args|cmd)s?:?\s$/i;
/** `["a","b"]`, `["a" "b"]`, `[{...}]`, `[[...]]`, bytes as numbers, arguments (`[sh -c x]`). */
const LIST =
  /^\[\s{0,8}(?:[[{&`]|"(?:[^"\\]|\\.){0,200}(?:$|"\s{0,8}[\],"])|\\"|'[^']{0,200}'\s{0,8}[\],']|\d{1,9}[\s,]{1,4}\d{1,9}[\s,]{1,4}\d|[^\]:]{0,60}\s--?\w)/;

/** Of `path: Invalid value: "x": reason`: where the value stands if it must not be kept. */
function refusedValue(message: string, index: number, behind: number, ofSecret: boolean): Span | null {
  const start = message[behind] === " " ? behind + 1 : behind;
  const path = pathBefore(message, index);
  const secret = (ofSecret && !path.startsWith("metadata.")) || isSecretPath(path);
  const rest = message.slice(start, start + 512);
  if (ALREADY_REDACTED.test(rest)) return null;
  if (rest[0] === '"' || rest[0] === "`") {
    const end = endOfQuoted(message, start);
    return secret || !isPlain(message.slice(start, end)) ? { start, end } : null;
  }
  const opening = OPENING.exec(rest);
  if (opening) return { start, end: endOfPrintedValue(message, start + opening[0].length - 1) };
  const end = endOfWords(message, start);
  const value = message.slice(start, end);
  return value !== "" && (secret || !isPlain(value)) ? { start, end } : null;
}

const ALREADY_REDACTED = /^[\w.*&/[\]]{0,200}\[redacted \d+ bytes\]/;
/** What stands before the bracket that opens a value: `{`, `[`, `&core.EnvVar{`, `[]string{`, `map[string]interface {}{`, `map[`. */
const OPENING = /^[&*(]{0,4}(?:(?:[\w.*/]|\[[\w.*]{0,60}\]| \{\})*\{|(?:map)?\[)/;

/** A number, a word, or what a value's own String() says: up to the reason. */
function endOfWords(message: string, start: number): number {
  const end = message.slice(start).search(/:\s|\n|$/);
  return start + end;
}

/** The path before `: Invalid value`, such as `spec.containers[0].env[1].value`. */
function pathBefore(message: string, index: number): string {
  const end = message.slice(Math.max(0, index - 2), index) === ": " ? index - 2 : index;
  let depth = 0;
  let at = end;
  for (; at > 0 && end - at < MAX_PATH_LENGTH; at--) {
    const character = message[at - 1]!;
    if (character === "]") depth += 1;
    else if (character === "[") depth -= 1;
    if (depth < 0 || (depth === 0 && /[\s,:]/.test(character))) break;
  }
  return message.slice(at, end);
}

/** Variables and headers do not say in their path whose value it is; commands may hold anything. */
const UNNAMED_VALUE = /\b(?:env|httpHeaders)\[[^\]]*\]\.value$|\b(?:command|args)(?:\[\d+\])?$/i;
const DATA = /^(?:data|stringData|binaryData)(?:[.[]|$)/i;

const isSecretPath = (path: string): boolean =>
  UNNAMED_VALUE.test(path) ||
  DATA.test(path) ||
  path.split(/[.[\]"']+/).some((name) => name !== "" && isSecretField(name)) ||
  /(?:secret|credentials?)$/i.test(path);

const MAX_PLAIN_LENGTH = 256;

/** An object, a list, a file, an element of XML, a password before a host (`a:x@tcp(db)/`), padded base64. */
const NOT_PLAIN = /[{\n<(]|\\n|map\[|\[\s*\\?["']|:[^\s@/]+@|[A-Za-z0-9+/]{6,}==?["'`]?$/;

/** Whether a refused value is a word or two, with nothing in it that is known as a secret or speaks of one. */
function isPlain(value: string): boolean {
  if (value.length > MAX_PLAIN_LENGTH || NOT_PLAIN.test(value)) return false;
  const text = value.replaceAll(/\\(.)/g, "$1");
  if (/\s/.test(text) && isSecretVariable(text)) return false;
  return redactWords(redactFileText(text)) === text;
}
